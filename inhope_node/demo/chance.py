"""Chance that can be replayed: every draw of the demo comes from here, and from the seed.

Only `random.Random.random` is used, the one method whose sequence Python promises to keep
between versions; so a seed means the same reports on every machine. Never for secrets.
"""

import random
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Shares: TypeAlias = tuple[tuple[T, int], ...]
"""What can be drawn, each with its share; the shares need not add up to anything."""

_PER_MILLE = 1000


class Chance:
    """A stream of draws that depends on nothing but the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the demo wants to be replayed

    def below(self, bound: int) -> int:
        """Draw an integer from 0 up to, not including, `bound`."""
        return int(self._random.random() * bound)

    def between(self, low: int, high: int) -> int:
        """Draw an integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def happens(self, per_mille: int) -> bool:
        """Draw yes with this many chances in a thousand."""
        return self.below(_PER_MILLE) < per_mille

    def one_of(self, choices: Sequence[T]) -> T:
        """Draw one of `choices`, all equally likely."""
        return choices[self.below(len(choices))]

    def pick(self, shares: Shares[T]) -> T:
        """Draw one entry in proportion to its share."""
        place = self.below(sum(share for _, share in shares))
        for choice, share in shares:
            place -= share
            if place < 0:
                return choice
        return shares[-1][0]

    def token(self, digits: int) -> str:
        """Draw `digits` hexadecimal digits."""
        return "".join(self.one_of("0123456789abcdef") for _ in range(digits))
