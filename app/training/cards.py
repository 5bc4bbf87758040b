"""A release's card as a page for people: `CARD.md` in the release's folder."""

from typing import Any

from app.recognition.releases import Release
from app.training.markdown import table
from app.training.recipes import STRANGERS

_COLUMNS = {
    "accuracy": "exact %",
    "case_insensitive": "case-insensitive %",
    "merged": "47-class %",
    "macro_recall": "macro recall %",
    "top3": "top 3 %",
    "calibration_error": "calibration error %",
    "letter_calibration_error": "of the letter %",
    "rejected": "refused %",
    "confident_error": "wrong in the surest 95 %",
}


def write_card_page(release: Release) -> None:
    """Write `CARD.md` from what the card says."""
    (release.folder / "CARD.md").write_text(card_page(release))


def card_page(release: Release) -> str:
    """The card in Markdown."""
    card = release.card
    sections = [
        f"# {release.name}",
        _summary(card),
        *_retraining(card),
        "## Trained on",
        table(
            ["dataset", "samples", "licence", "source"],
            [[d["name"], f"{d['count']:,}", d["licence"], d["source"]] for d in card["datasets"]],
        ),
        "Validation (cut out of these, disjoint by writer where writers are known):",
        _validation_table(card["validation"]),
        _calibration(card),
        figures_page(card["evaluation"]),
        *_comparison(card),
        "## Pictures",
        "\n".join(
            f"![{path.stem}](report/{path.name})"
            for path in sorted((release.folder / "report").glob("*.png"))
        ),
    ]
    return "\n\n".join(sections) + "\n"


def _summary(card: dict[str, Any]) -> str:
    return (
        f"Reads one character of `{card['characters']}` from a glyph of 28×28 pixels. Network `{card['network']}`, "
        f"{card['parameters']:,} parameters, {card['bytes'] / 1e6:.1f} MB compiled; made {card['made_at'][:10]} "
        f"from commit `{card['commit'] or 'unknown'}`. {card.get('note', '').strip()}"
    ).rstrip()


def _retraining(card: dict[str, Any]) -> list[str]:
    """What people's samples have to do with it, where they have."""
    about = card.get("retrained")
    if about is None:
        return []
    sources = ", ".join(f"{count:,} by {source}" for source, count in about["sources"].items())
    words = (
        f"Retrained from `{about['from']}` with {about['learned_from']:,} of {about['samples']:,} accepted samples "
        f"of {about['people']:,} people ({about['corrections']:,} corrections; {sources}); the other "
        f"{about['held_out']:,} were held out. Why it was released: [comparison](comparison/comparison.md)."
    )
    return [words]


def _calibration(card: dict[str, Any]) -> str:
    return (
        f"Fitted there: temperature {card['temperature']}; an answer is refused as uncertain below "
        f"{card['reject_below']}, as no character above {card['stranger_above']}."
    )


def _validation_table(validation: dict[str, dict[str, float]]) -> str:
    rows = [
        [name, f"{v['count']:,}", "" if name == STRANGERS else f"{v['accuracy']:.2f}", f"{v['rejected']:.2f}"]
        for name, v in validation.items()
    ]
    return table(["set", "samples", "exact %", "refused %"], rows)


def _comparison(card: dict[str, Any]) -> list[str]:
    """The baseline's figures, where there is one."""
    baseline = card.get("baseline")
    if baseline is None:
        return []
    title = f"## The same for `{baseline['network']}`, {baseline['parameters']:,} parameters, trained on the same data"
    return [title, figures_page(baseline["evaluation"]).replace("## ", "### ")]


def figures_page(figures: dict[str, Any]) -> str:
    """The figures of an evaluation in Markdown."""
    robustness = [[change, f"{share:.2f}"] for change, share in figures["robustness"].items()]
    return "\n\n".join(
        [
            "## Judged on",
            _scores_table(figures["sets"]),
            "No network was chosen by these figures (when looked at: doc/data.md). The interval is Wilson's, 95 %.",
            f"One glyph takes {figures['ms_per_glyph']:.2f} ms on one core.",
            "## When the same ink changes",
            table(["change", "right % (either case)"], robustness),
            "## Refused, of ink that is no character",
            table(
                ["kind", "refused %"], [[kind, f"{share:.2f}"] for kind, share in figures["refused"].items()]
            ),
        ]
    )


def _scores_table(sets: dict[str, dict[str, Any]]) -> str:
    head = ["set", "samples", "95 % interval", *_COLUMNS.values()]
    rows = [
        [name, f"{s['count']:,}", f"{s['low']:.2f}–{s['high']:.2f}", *(f"{s[key]:.2f}" for key in _COLUMNS)]
        for name, s in sets.items()
    ]
    return table(head, rows)
