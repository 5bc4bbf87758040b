"""What is fitted on validation data: one temperature, two thresholds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet
from app.recognition.recognizer import Calibration
from app.training.calibrate import REFUSED_SHARE, fit_calibration
from app.training.metrics import Probabilities

Answers = tuple[Probabilities, NDArray[np.bool_]]


def made_up(count: int, seed: int, alphabet: Alphabet = DIGITS, likeness: float = 0.3) -> Answers:
    """Answers that are as often right as they say, to samples that are characters all; surer as `likeness` falls."""
    rng = np.random.default_rng(seed)
    honest = rng.dirichlet(np.full(alphabet.num_outputs, likeness), count)
    honest[:, -1] *= 0.1
    honest /= honest.sum(axis=1, keepdims=True)
    characters = honest[:, :-1] / honest[:, :-1].sum(axis=1, keepdims=True)
    truth = (characters.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1).clip(0, len(alphabet) - 1)
    return honest.astype(np.float32), np.eye(alphabet.num_outputs, dtype=bool)[truth]


def reasons(calibration: Calibration, raw: Probabilities, alphabet: Alphabet) -> dict[str, float]:
    """The share refused by each threshold, the other one turned off."""
    rows = calibration.apply(raw)
    uncertain = Calibration(1.0, calibration.reject_below, 1.0).refusals(rows, alphabet)
    strange = Calibration(1.0, 0.0, calibration.stranger_above).refusals(rows, alphabet)
    return {
        "uncertain": float(np.mean([r is not None for r in uncertain])),
        "no_character": float(np.mean([r is not None for r in strange])),
    }


@pytest.mark.parametrize("power", [2.0, 0.7])
def test_boasting_and_modesty_are_corrected(power: float) -> None:
    honest, allowed = made_up(4000, 0)
    raw = honest**power / (honest**power).sum(axis=1, keepdims=True)
    assert fit_calibration([(raw, allowed)], DIGITS).temperature == pytest.approx(power, abs=0.15)


@pytest.mark.parametrize("alphabet", [DIGITS, LETTERS], ids=lambda alphabet: alphabet.name)
@pytest.mark.parametrize("power", [1.0, 2.0])
def test_each_threshold_refuses_its_share_of_characters(alphabet: Alphabet, power: float) -> None:
    honest, allowed = made_up(5000, 1, alphabet)
    raw = honest**power / (honest**power).sum(axis=1, keepdims=True)
    refused = reasons(fit_calibration([(raw, allowed)], alphabet), raw, alphabet)
    assert refused == pytest.approx({"uncertain": REFUSED_SHARE, "no_character": REFUSED_SHARE}, abs=0.001)


def test_a_small_set_counts_as_much_as_a_large_one() -> None:
    small, large = made_up(500, 2, likeness=0.5), made_up(4000, 3, likeness=0.15)
    fitted, alone = (
        fit_calibration([small, large], DIGITS),
        [fit_calibration([s], DIGITS) for s in (small, large)],
    )
    for name in ("reject_below", "stranger_above"):
        low, high = sorted(getattr(c, name) for c in alone)
        assert getattr(fitted, name) == pytest.approx((low + high) / 2, abs=0.2 * (high - low)), name


def test_a_very_sure_network_refuses_hardly_any_character() -> None:
    rng = np.random.default_rng(4)
    rows = np.zeros((1000, DIGITS.num_outputs))
    rows[:, 0], rows[:, -1] = 1 - 2e-6, rng.uniform(0, 2e-6, 1000)
    rows[:, 1] = 1 - rows.sum(axis=1)
    raw = rows.astype(np.float32)
    fitted = fit_calibration([(raw, raw > 0.5)], DIGITS)
    assert max(reasons(fitted, raw, DIGITS).values()) <= 2 * REFUSED_SHARE
