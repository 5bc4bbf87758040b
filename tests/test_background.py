"""How long relays wait between tries. The thread itself is tested where it works: tests/mail, tests/sheets."""

import random

from app.background import FIRST_WAIT, LONGEST_WAIT, wait_after


def test_waits_double_up_to_the_longest() -> None:
    rng = random.Random(0)
    longest = [max(wait_after(tries, rng) for _ in range(200)) for tries in range(1, 9)]
    wanted = [min(FIRST_WAIT * 2**n, LONGEST_WAIT) for n in range(8)]
    assert all(want * 0.95 < got <= want for got, want in zip(longest, wanted, strict=True))
    assert min(wait_after(1, rng) for _ in range(200)) >= FIRST_WAIT / 2
    assert wait_after(100_000, rng) <= LONGEST_WAIT
