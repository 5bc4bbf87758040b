"""The rule by which a candidate is released: what is better enough, and what may not be lost."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.gate import Change, Finding, SetResult, decide


def set_result(count: int = 2_000, lost: int = 0, gained: int = 0, **changes: object) -> SetResult:
    """`count` samples of ten characters in turn, of which the current release has the last 200 wrong."""
    before = np.arange(count) < count - 200
    after = before.copy()
    after[:lost] = False
    after[count - 200 : count - 200 + gained] = True
    none = np.zeros(count, bool)
    values = {
        "name": "a test",
        "truth": np.array([str(i % 10) for i in range(count)]),
        "right": (before, after),
        "refused": (none, none),
    }
    return SetResult(**{**values, **changes})  # type: ignore[arg-type]


def broken(findings: list[Finding]) -> list[str]:
    return [finding.rule.split(" loses")[0].split(",")[0] for finding in findings if not finding.holds]


def refusing(count: int, before: int, after: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(count) < before, np.arange(count) < after


def judged(held_out: SetResult, frozen: list[SetResult], strangers: dict[str, Change]) -> list[Finding]:
    """With labels that can be believed."""
    return decide(held_out, np.zeros(100, bool), frozen, strangers)


CALM = {"scribbles": Change(1_000, 950, 950, 0, 0)}


def test_better_and_harmless_is_released() -> None:
    assert all(finding.holds for finding in judged(set_result(gained=6), [set_result()], CALM))


@pytest.mark.parametrize(
    ("gained", "lost", "is_better"), [(5, 0, False), (6, 0, True), (9, 1, True), (8, 2, False)]
)
def test_chance_is_not_better(gained: int, lost: int, is_better: bool) -> None:
    found = judged(set_result(gained=gained, lost=lost), [set_result()], CALM)
    assert (broken(found) == []) is is_better


def test_significantly_worse_is_not_better() -> None:
    assert broken(judged(set_result(lost=50), [set_result()], CALM)) == ["better on held-out samples"]


@pytest.mark.parametrize(
    ("count", "lost", "is_kept"), [(10_000, 10, True), (10_000, 11, False), (300, 2, True), (300, 3, False)]
)
def test_frozen_test_loses_a_tenth_of_a_point_or_two_drawings(count: int, lost: int, is_kept: bool) -> None:
    found = judged(set_result(gained=20), [set_result(count, lost=lost)], CALM)
    assert (broken(found) == []) is is_kept


def test_what_is_gained_elsewhere_in_a_test_makes_up_for_a_loss() -> None:
    assert broken(judged(set_result(gained=20), [set_result(lost=12, gained=11)], CALM)) == []


def test_one_character_may_not_pay_for_the_others() -> None:
    truth = np.array(["7"] * 200 + [str(i % 7) for i in range(1_800)])
    forgets = set_result(truth=truth, lost=9, gained=60)
    assert broken(judged(set_result(gained=20), [forgets], CALM)) == ["no character of a frozen test"]
    assert "“7” of a test -4.50" in judged(set_result(gained=20), [forgets], CALM)[3].found


def test_few_samples_of_a_character_prove_nothing() -> None:
    truth = np.array(["7"] * 20 + [str(i % 7) for i in range(1_980)])
    assert broken(judged(set_result(gained=20), [set_result(truth=truth, lost=5, gained=60)], CALM)) == []


@pytest.mark.parametrize(("after", "is_kept"), [(52, True), (53, False)])
def test_real_ink_is_not_refused_more(after: int, is_kept: bool) -> None:
    found = judged(set_result(gained=20), [set_result(refused=refusing(2_000, 50, after))], CALM)
    assert (broken(found) == []) is is_kept


def test_scribbles_are_still_refused() -> None:
    strangers = {"scribbles": Change(1_000, 950, 900, 60, 10)}
    found = judged(set_result(gained=20), [set_result()], strangers)
    assert [finding.holds for finding in found] == [True, True, True, True, True, False]
    assert found[-1].found == "scribbles -5.00"


@pytest.mark.parametrize(
    ("count", "wrong", "is_believed"), [(100, 15, True), (100, 16, False), (5, 1, True), (0, 0, True)]
)
def test_labels_that_cannot_be_are_not_learned(count: int, wrong: int, is_believed: bool) -> None:
    findings = decide(set_result(gained=20), np.arange(count) < wrong, [set_result()], CALM)
    assert all(finding.holds for finding in findings) is is_believed


def test_without_frozen_tests_nothing_is_released() -> None:
    assert not all(finding.holds for finding in judged(set_result(gained=20), [], CALM))


@given(st.integers(0, 60), st.integers(0, 60))
def test_p_is_the_exact_two_sided_one(lost: int, gained: int) -> None:
    n = lost + gained
    distance = abs(lost - n / 2)
    expected = sum(comb(n, k) for k in range(n + 1) if abs(k - n / 2) >= distance) / 2**n
    assert Change(1_000, 900, 900 + gained - lost, lost, gained).p == pytest.approx(expected)


def test_p_of_many_differences_is_a_number() -> None:
    assert Change(30_000, 1, 1, 4_000, 9_000).p < 1e-300
