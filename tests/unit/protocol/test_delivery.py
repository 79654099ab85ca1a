"""Filling an envelope never overfills it; waiting grows and never ends."""

import pytest
from support.messages import BETA, envelope, padded_message

from protocol.delivery import fill, retry_delay_ms
from protocol.errors import UsageFault
from protocol.sealing import open_envelope

MINUTE_MS = 60_000
LONGEST = 56 * 1024


def test_nothing_fills_nothing_and_little_goes_at_once() -> None:
    assert fill([]) == 0
    assert fill([100]) == 1
    assert fill([100] * 40) == 40


def test_an_envelope_takes_at_most_256_messages() -> None:
    assert fill([100] * 256) == 256
    assert fill([100] * 257) == 256
    assert fill([1] * 3000) == 256


def test_a_full_envelope_is_full_and_can_be_sealed_and_opened() -> None:
    message = padded_message(LONGEST)
    count = fill([LONGEST] * 30)
    assert count == 18
    full = envelope([message] * count)
    assert len(full.sealed) == 2**20 + 1136
    assert open_envelope(full, BETA.sealing) == (message,) * count
    with pytest.raises(UsageFault, match="too long"):
        envelope([message] * (count + 1))


def test_filling_stops_before_the_one_that_does_not_fit() -> None:
    assert fill([2**20 - 64 - 5]) == 1
    assert fill([2**20 - 64 - 5 - 10, 6]) == 1
    assert fill([2**20 - 64 - 5 - 10, 5]) == 2


def test_what_fits_no_envelope_is_our_own_fault() -> None:
    with pytest.raises(UsageFault):
        fill([2**20 - 64 - 4])


@pytest.mark.parametrize(
    ("tries", "bound_ms"),
    [(0, 2000), (1, 4000), (2, 8000), (5, 64_000), (8, 512_000), (9, 15 * MINUTE_MS)],
)
def test_waiting_is_drawn_between_a_second_and_a_bound_that_doubles(
    tries: int, bound_ms: int
) -> None:
    assert retry_delay_ms(tries, 0.0) == 1000
    assert retry_delay_ms(tries, 0.5) == 1000 + (bound_ms - 1000) // 2
    assert bound_ms - 3 <= retry_delay_ms(tries, 0.999999) <= bound_ms


@pytest.mark.parametrize("tries", [10, 30, 1000, 10**9])
def test_no_waiting_is_longer_than_a_quarter_of_an_hour(tries: int) -> None:
    assert retry_delay_ms(tries, 0.9999999) <= 15 * MINUTE_MS
    assert retry_delay_ms(tries, 0.9999999) > 14 * MINUTE_MS
