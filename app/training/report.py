"""The pictures of an evaluation: confusion, worst mistakes, reliability, risk and coverage."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.recognizer import certainty
from app.samples.archive import Archive
from app.training.evaluate import Evaluation, Judged
from app.training.glyphs import Glyphs
from app.training.metrics import confusion, letter_right, risk_by_coverage

mpl.use("Agg")  # before pyplot: no screen is needed
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

_DPI = 110
_MISTAKES = 40


def draw_report(evaluation: Evaluation, alphabet: Alphabet, folder: Path) -> None:
    """Write `confusion-…`, `mistakes-…`, `reliability.png` and `risk.png` into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for judged in evaluation.sets:
        slug = judged.name.lower().replace(" ", "-")
        _draw_confusion(judged, alphabet, folder / f"confusion-{slug}.png")
        _draw_mistakes(judged, alphabet, folder / f"mistakes-{slug}.png")
    _draw_reliability(evaluation, folder / "reliability.png")
    _draw_risk(evaluation, alphabet, folder / "risk.png")


def draw_samples(archive: Archive, chosen: NDArray[np.bool_], path: Path) -> None:
    """Some of the chosen samples, each with what people said it is and what was read when they said it."""
    positions = np.flatnonzero(chosen)
    shown = positions[:_MISTAKES]
    titles = [f"{archive.labels[i]}, read as {archive.predicted[i]}" for i in shown]
    _draw_grid(archive.images[shown], titles, f"{path.stem}: {len(shown)} of {len(positions)}", path)


def _draw_confusion(judged: Judged, alphabet: Alphabet, path: Path) -> None:
    """Rows are what was written, columns what was answered, each row in percent of its samples."""
    counts = confusion(judged.probabilities, judged.truth)
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 4.5 if len(alphabet) <= 10 else 9
    figure, axes = plt.subplots(figsize=(side, side))
    axes.imshow(np.sqrt(shares), cmap="Blues")
    axes.set_xticks(range(len(alphabet)), alphabet.characters)
    axes.set_yticks(range(len(alphabet)), alphabet.characters)
    axes.set(
        xlabel="answered", ylabel="written", title=f"{judged.name}: {judged.scores.accuracy:.2f} % exact"
    )
    if len(alphabet) <= 10:
        for row, column in np.argwhere(counts > 0):
            color = "white" if shares[row, column] > 50 else "black"
            axes.text(column, row, counts[row, column], ha="center", va="center", fontsize=7, color=color)
    _save(figure, path)


def _draw_mistakes(judged: Judged, alphabet: Alphabet, path: Path) -> None:
    """The mistakes made with the most confidence: what was written → what was answered."""
    best = judged.probabilities[:, :-1].argmax(axis=1)
    wrong = np.flatnonzero(best != judged.truth)
    worst = wrong[np.argsort(-judged.probabilities[wrong, best[wrong]])][:_MISTAKES]
    titles = [
        f"{alphabet.characters[judged.truth[i]]} → {alphabet.characters[best[i]]}"
        f"  {judged.probabilities[i, best[i]]:.0%}"
        for i in worst
    ]
    heading = f"{judged.name}: the {len(worst)} most confident of {len(wrong)} mistakes (written → answered)"
    _draw_grid(judged.shown.glyphs[worst], titles, heading, path)


def _draw_grid(images: Glyphs, titles: Sequence[str], heading: str, path: Path) -> None:
    """Up to `_MISTAKES` images, uint8 (N, 28, 28), each below its title."""
    figure, grid = plt.subplots(4, 10, figsize=(9, 4.4))
    for axes in grid.flat:
        axes.axis("off")
    for axes, image, title in zip(grid.flat, images, titles, strict=False):
        axes.imshow(255 - image, cmap="gray", vmin=0, vmax=255)
        axes.set_title(title, fontsize=7)
    figure.suptitle(heading)
    _save(figure, path)


def _draw_reliability(evaluation: Evaluation, path: Path) -> None:
    """Accuracy against confidence; an honest network lies on the diagonal."""
    figure, axes = plt.subplots(figsize=(4.8, 4.8))
    axes.plot([0, 1], [0, 1], color="gray", linewidth=1, linestyle="--")
    for judged in evaluation.sets:
        confidence = judged.probabilities[:, :-1].max(axis=1)
        correct = judged.probabilities[:, :-1].argmax(axis=1) == judged.truth
        bins = np.minimum((confidence * 10).astype(int), 9)
        used = [b for b in range(10) if (bins == b).sum() >= 10]
        points = [(confidence[bins == b].mean(), correct[bins == b].mean()) for b in used]
        label = f"{judged.name} (error {judged.scores.calibration_error:.1f} %)"
        axes.plot(*np.array(points).T, marker="o", label=label)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1), title="Reliability")
    axes.legend(fontsize=7)
    _save(figure, path)


def _draw_risk(evaluation: Evaluation, alphabet: Alphabet, path: Path) -> None:
    """Share wrong against the share answered, when the least certain are left out."""
    figure, axes = plt.subplots(figsize=(4.8, 4.8))
    for judged in evaluation.sets:
        sure = certainty(judged.probabilities, alphabet)
        risk = risk_by_coverage(sure, letter_right(judged.probabilities, judged.truth, alphabet))
        axes.plot(np.linspace(0, 100, len(risk)), 100 * risk, label=judged.name)
    axes.set(
        xlabel="answered, the surest first (%)",
        ylabel="wrong among them (%, either case)",
        title="Risk and coverage",
        xlim=(0, 100),
        ylim=(0, None),
    )
    axes.legend(fontsize=7)
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=_DPI, pil_kwargs={"optimize": True})
    plt.close(figure)
