"""The arithmetic of doubt: the release, the giver and other people vote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.samples.doubt import (
    IMPOSSIBLE_BELOW,
    NEWCOMER,
    first_doubt,
    is_impossible,
    probability_of,
    share_against,
    trust,
)

CANDIDATES = [["C", 0.5], ["c", 0.4], ["e", 0.05], ["o", 0.02], ["G", 0.01]]
SHARES = st.floats(0, 1)


def test_a_letter_has_the_probabilities_of_both_cases() -> None:
    assert probability_of("c", CANDIDATES) == pytest.approx(0.9)


def test_what_is_not_listed_has_at_most_the_last_ones_probability() -> None:
    assert probability_of("x", CANDIDATES) == pytest.approx(0.01)
    assert probability_of("x", [["C", 0.999], ["c", 0.001]]) == 0


def test_the_other_case_is_never_impossible() -> None:
    assert not is_impossible("c", [["C", 0.9999], *[[each, 0.0] for each in "eoGQ"]])


@pytest.mark.parametrize(
    ("label", "best", "share", "expected"),
    [
        ("e", 0.9, IMPOSSIBLE_BELOW / 2, True),
        ("e", 0.9, IMPOSSIBLE_BELOW, False),
        ("e", 0.4, IMPOSSIBLE_BELOW / 2, False),
    ],
)
def test_impossible_is_what_a_sure_release_excludes(
    label: str, best: float, share: float, expected: bool
) -> None:
    assert is_impossible(label, [["C", best], ["e", share], ["o", 0.0], ["G", 0.0], ["Q", 0.0]]) is expected


def test_a_confirmation_is_less_doubtful_than_a_correction() -> None:
    assert first_doubt(CANDIDATES, "C") < first_doubt(CANDIDATES, "e") < first_doubt(CANDIDATES, "x")


@given(SHARES, SHARES, st.floats(0, 100), st.floats(0, 100))
def test_doubt_is_a_share(probability: float, trusted: float, votes_for: float, votes_against: float) -> None:
    assert 0 <= share_against(probability, trusted, votes_for, votes_against) <= 1


@given(SHARES, st.floats(0.01, 10))
def test_votes_move_the_doubt_their_way(probability: float, votes: float) -> None:
    alone = share_against(probability, NEWCOMER)
    assert share_against(probability, NEWCOMER, votes_for=votes) <= alone
    assert share_against(probability, NEWCOMER, votes_against=votes) >= alone


def test_trust_is_earned_and_lost() -> None:
    assert trust(0, 5) < trust(0, 1) < NEWCOMER == 0.5 < trust(1, 1) < trust(5, 5) < 1
