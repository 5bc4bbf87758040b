"""A release's folder as the page about the networks needs it, a card with every figure and a report; a page's words."""

import re
from pathlib import Path
from typing import Any

from app.recognition.releases import Release
from tests.images import blank

SCORES = {
    "count": 10_000,
    "accuracy": 99.64,
    "low": 99.5,
    "high": 99.74,
    "case_insensitive": 99.64,
    "merged": 99.64,
    "macro_recall": 99.63,
    "top3": 99.99,
    "calibration_error": 0.41,
    "rejected": 0.38,
    "confident_error": 0.07,
}
LETTER_SCORES = {**SCORES, "accuracy": 83.77, "low": 83.09, "high": 84.44, "case_insensitive": 94.99}
MISTAKES = "mistakes-mnist-test"
PICTURES = ("confusion-mnist-test", MISTAKES, "reliability", "risk", "something-new")


def evaluation(scores: dict[str, float], hardest: float) -> dict[str, Any]:
    """As a card has it: two sets, the second one harder."""
    hard = {**scores, "accuracy": hardest, "case_insensitive": hardest, "confident_error": 0.55}
    return {
        "sets": {"MNIST test": scores, "Bus tickets": hard},
        "robustness": {"unchanged": 99.5, "turned −15°": 98.55},
        "refused": {"scribbles": 97.4, "symbols": 91.2, "pairs": 88.6},
        "ms_per_glyph": 0.41,
    }


def card(alphabet: str) -> dict[str, Any]:
    """With all that a card can say."""
    scores = SCORES if alphabet == "digit" else LETTER_SCORES
    baseline = evaluation({**scores, "accuracy": 98.11}, hardest=90.0)
    return {
        "parameters": 361_684,
        "bytes": 1_426_016,
        "evaluation": evaluation(scores, hardest=93.57),
        "baseline": {"network": "seed_cnn", "evaluation": baseline},
    }


def release_in(folder: Path, alphabet: str = "digit", card_says: dict[str, Any] | None = None) -> Release:
    """A release `<alphabet>/9` with a report of five pictures; what is not a picture of the report lies beside them."""
    report = folder / "report"
    report.mkdir(parents=True)
    for name in PICTURES:
        (report / f"{name}.png").write_bytes(blank())
    (report / "figures.json").write_text("{}")
    (folder / "secret.png").write_bytes(blank())
    return Release(alphabet, "9", folder, card(alphabet) if card_says is None else card_says)


def words(page: str) -> str:
    """The text of a page, its blanks single."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
