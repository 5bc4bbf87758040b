"""Judge a recognizer and leave the proof in a folder: figures as JSON, pictures for people."""

import json
from pathlib import Path

from app.recognition.recognizer import Recognizer
from app.training.evaluate import Evaluation, evaluate
from app.training.report import draw_report


def judge(reader: Recognizer, folder: Path) -> Evaluation:
    """Evaluate on the frozen sets of its alphabet; write `figures.json` and the pictures into `folder`."""
    evaluation = evaluate(reader)
    draw_report(evaluation, reader.alphabet, folder)
    (folder / "figures.json").write_text(
        json.dumps(evaluation.figures(), indent=1, ensure_ascii=False) + "\n"
    )
    return evaluation
