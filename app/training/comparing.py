"""The current release and a candidate side by side, on held-out samples and on the frozen tests."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.recognition.recognizer import Recognizer
from app.recognition.releases import Release
from app.recognition.service import load_recognizer
from app.samples.archive import Archive
from app.training.evaluate import predict
from app.training.evaluation_sets import evaluation_sets, stranger_sets
from app.training.gate import IMPOSSIBLE, Change, Finding, SetResult, decide
from app.training.glyphs import Shown
from app.training.markdown import table
from app.training.mixing import Split, as_predicted
from app.training.report import draw_samples

PAGE, FIGURES = "comparison.md", "comparison.json"


@dataclass(frozen=True)
class SideBySide:
    """Everything that the decision stands on.

    Attributes:
        current, candidate: names of the releases.
        held_out: the result on held-out samples.
        parts: parts of these, by name: what people corrected, what they confirmed, who is new, who is known.
        frozen: the results on the frozen tests.
        strangers: refusals of ink that is no character, by kind.
        findings: the rules, each with what was found.
    """

    current: str
    candidate: str
    held_out: SetResult
    parts: dict[str, Change]
    frozen: tuple[SetResult, ...]
    strangers: dict[str, Change]
    findings: tuple[Finding, ...]

    @property
    def is_better(self) -> bool:
        """Whether every rule holds."""
        return all(finding.holds for finding in self.findings)

    def figures(self) -> dict[str, Any]:
        """The numbers alone, as the card stores them."""
        return {
            "current": self.current,
            "held_out": {"held-out samples": _figures(self.held_out.accuracy)}
            | {name: _figures(change) for name, change in self.parts.items()},
            "frozen": {each.name: _figures(each.accuracy) for each in self.frozen},
            "refused_real_ink": {each.name: _figures(each.acceptance) for each in self.frozen},
            "refused_strangers": {kind: _figures(change) for kind, change in self.strangers.items()},
            "rules": [asdict(finding) for finding in self.findings],
        }


def compare(current_release: Release, candidate_release: Release, samples: Split) -> SideBySide:
    """Let both networks read the same ink. This is the one place where retraining looks at the frozen tests."""
    current, candidate = load_recognizer(current_release), load_recognizer(candidate_release)
    characters = np.array(current.alphabet.characters)
    ink, labels = as_predicted(samples.held_out), samples.held_out.labels
    held_out = _compare(current, candidate, "held-out samples", ink, labels)
    impossible = [_thought_impossible(recognizer, samples.held_out) for recognizer in (current, candidate)]
    frozen = [
        _compare(current, candidate, data.name, data.shown, characters[data.truth])
        for data in evaluation_sets(current.alphabet.name)
    ]
    strangers = {
        kind: Change.between(_refused(current, shown), _refused(candidate, shown))
        for kind, shown in stranger_sets(current.alphabet.name).items()
    }
    findings = decide(held_out, impossible[0] & impossible[1], frozen, strangers)
    return SideBySide(
        current.release,
        candidate.release,
        held_out,
        _parts(held_out, samples),
        tuple(frozen),
        strangers,
        tuple(findings),
    )


def write_page(result: SideBySide, samples: Split, folder: Path) -> str:
    """Write the comparison into `folder`: a page, figures, and pictures of the held-out ink that is read differently.

    Returns the page. The pictures are people's handwriting; no release holds them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before, after = result.held_out.right
    draw_samples(samples.held_out, before & ~after, folder / "lost.png")
    draw_samples(samples.held_out, ~before & after, folder / "gained.png")
    page = comparison_page(result)
    (folder / PAGE).write_text(page)
    (folder / FIGURES).write_text(json.dumps(result.figures(), indent=1, ensure_ascii=False) + "\n")
    return page


def comparison_page(result: SideBySide) -> str:
    """The comparison in Markdown, the decision first."""
    rules = [[_mark(finding.holds), finding.rule, finding.found] for finding in result.findings]
    right = {"held-out samples": result.held_out.accuracy, **result.parts}
    right |= {each.name: each.accuracy for each in result.frozen}
    accepted = {each.name: each.acceptance for each in result.frozen}
    sections = [
        f"# {result.candidate} is better than {result.current}"
        if result.is_better
        else f"# {result.candidate} is not released: {result.current} stays",
        table(["", "rule", "found"], rows=rules),
        "## Right",
        _changes(result, right),
        "## Real ink not refused",
        _changes(result, accepted),
        "## Refused, of ink that is no character",
        _changes(result, result.strangers),
    ]
    return "\n\n".join(sections) + "\n"


def _compare(
    current: Recognizer, candidate: Recognizer, name: str, shown: Shown, truth: NDArray[np.str_]
) -> SetResult:
    answers = [_answers(recognizer, shown, name) for recognizer in (current, candidate)]
    (read, refused), (read_anew, refused_anew) = answers
    return SetResult(name, truth, (read == truth, read_anew == truth), (refused, refused_anew))


def _answers(
    recognizer: Recognizer, shown: Shown, progress: str
) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    """What each glyph is read as, and whether the answer is refused."""
    if not len(shown.glyphs):
        return np.empty(0, "<U1"), np.empty(0, bool)
    rows = predict(recognizer, shown, f"{recognizer.release}, {progress}")
    read = np.array(recognizer.alphabet.characters)[rows[:, :-1].argmax(axis=1)]
    refusals = recognizer.calibration.refusals(rows, recognizer.alphabet)
    return read, np.array([refusal is not None for refusal in refusals], bool)


def _thought_impossible(recognizer: Recognizer, samples: Archive) -> NDArray[np.bool_]:
    """Of each sample that somebody corrected, whether its label has next to no probability."""
    corrected = samples.where(samples.labels != samples.predicted)
    if not len(corrected):
        return np.empty(0, bool)
    columns = [recognizer.alphabet.index(str(label)) for label in corrected.labels]
    rows = predict(recognizer, as_predicted(corrected))
    return np.asarray(rows[np.arange(len(rows)), columns] < IMPOSSIBLE)


def _refused(recognizer: Recognizer, shown: Shown) -> NDArray[np.bool_]:
    return _answers(recognizer, shown, "no character")[1]


def _parts(held_out: SetResult, samples: Split) -> dict[str, Change]:
    before, after = held_out.right
    corrected = samples.held_out.labels != samples.held_out.predicted
    masks = {
        "of these, corrected by people": corrected,
        "confirmed by people": ~corrected,
        "by people never learned from": samples.by_strangers,
        "later ink of people learned from": ~samples.by_strangers,
    }
    return {name: Change.between(before[mask], after[mask]) for name, mask in masks.items() if mask.any()}


def _figures(change: Change) -> dict[str, float]:
    return {**asdict(change), "points": round(change.points, 3), "p": float(f"{change.p:.3g}")}


def _changes(result: SideBySide, changes: dict[str, Change]) -> str:
    head = ["ink", "samples", f"{result.current} %", f"{result.candidate} %", "points", "lost", "gained", "p"]
    rows = [
        [
            name,
            f"{change.count:,}",
            f"{100 * change.before / change.count:.2f}",
            f"{100 * change.after / change.count:.2f}",
            f"{change.points:+.2f}",
            str(change.lost),
            str(change.gained),
            f"{change.p:.2g}",
        ]
        for name, change in changes.items()
        if change.count
    ]
    return table(head, rows)


def _mark(holds: bool) -> str:
    return "yes" if holds else "**no**"
