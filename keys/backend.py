"""The newer parts of `cryptography`, imported so that an old library can still be named.

Where they are missing this module loads all the same, `MISSING` is true, and `keys.selftest` tells
the operator in one sentence what to install. Nobody may use the names before that check.
"""

from typing import Final

try:
    from cryptography.hazmat.primitives import hpke
    from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
except ImportError:
    hpke = mldsa = mlkem = Argon2id = None  # type: ignore[assignment]

__all__ = ["MISSING", "Argon2id", "hpke", "mldsa", "mlkem"]

MISSING: Final[bool] = hpke is None
