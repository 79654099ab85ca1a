"""One hotline's node: its store, casework, exchange, desk API, daemon and command line.

`keys` and `protocol` are generic names: a foreign package of the same name, installed beside this
one, would take their place without a word. So the first import of this package asks both for their
mark. Nothing else happens here.
"""

from importlib import import_module

__version__ = "0.1.0"

MARK = "inhope-exchange/1"


def check_floor(name: str) -> None:
    """Make sure that the package called `name` is the floor this node was built on.

    Raises:
        ImportError: Another package answers to that name; the message says where it lies.
    """
    floor = import_module(name)
    if getattr(floor, "MARK", None) != MARK:
        place = floor.__file__ or ", ".join(floor.__path__)
        raise ImportError(
            f"{place} is not the `{name}` package of inhope-node: another package of that name is "
            "in the way. Install inhope-node into a virtual environment of its own.",
            name=name,
            path=place,
        )


check_floor("keys")
check_floor("protocol")
