"""Judge a release and leave the proof in a folder: figures as JSON, pictures for people."""

import json
from pathlib import Path

from app.recognition.alphabets import alphabet_named
from app.recognition.releases import Release
from app.recognition.service import load_recognizer
from app.training.evaluate import Evaluation, evaluate
from app.training.report import draw_report


def judge(release: Release, folder: Path) -> Evaluation:
    """Evaluate a release on the frozen sets of its alphabet; write `figures.json` and the pictures into `folder`."""
    evaluation = evaluate(load_recognizer(release))
    draw_report(evaluation, alphabet_named(release.alphabet), folder)
    (folder / "figures.json").write_text(
        json.dumps(evaluation.figures(), indent=1, ensure_ascii=False) + "\n"
    )
    return evaluation
