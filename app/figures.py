"""A release's figures in words, tables and pictures for people: what its card and its report say."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

from app.figure_words import COLUMNS, PICTURES, SETS, STRANGERS, ink_name
from app.recognition.alphabets import DIGITS
from app.recognition.releases import Release


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what it says, and small words below it."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """The first cell of each row names it."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Standing:
    """How many of 100 of a set are right, in either case and, where that is another figure, exactly."""

    share: float
    name: str
    about: str
    right: str
    exact: str | None


@dataclass(frozen=True)
class Picture:
    """A picture of the report: the group it belongs to, what it is about, and what is to be seen on it."""

    name: str
    group: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Figures:
    """All that is known of a release; what its card does not say is None or empty.

    Attributes:
        release, version: such as "digit/2" and "2".
        first, hardest: the card's first set, and the set with the fewest right answers if that is another.
        refused: of 100, the lowest and the highest share refused among the kinds of ink that are no character.
        cost: size and speed, such as "361,684 parameters".
        baseline: name of the network that it is compared with.
        sets, strangers, robustness: what was judged; the right answers, the refusals, the same ink spoilt.
    """

    release: str
    version: str
    first: Standing | None
    hardest: Standing | None
    refused: tuple[str, ...]
    cost: tuple[str, ...]
    baseline: str | None
    sets: Table | None
    strangers: Table | None
    robustness: Table | None
    pictures: tuple[Picture, ...]


def figures_of(release: Release) -> Figures:
    """What a release's card and report have to say, however old they are."""
    card = release.card
    evaluation = card.get("evaluation") or {}
    baseline = card.get("baseline") or {}
    compared = baseline.get("evaluation") or {}
    name = baseline.get("network")
    standings = _standings(evaluation)
    hardest = min(standings, key=lambda each: each.share, default=None)
    refused = sorted((evaluation.get("refused") or {}).values())
    return Figures(
        release=release.name,
        version=release.version,
        first=standings[0] if standings else None,
        hardest=hardest if hardest not in standings[:1] else None,
        refused=tuple(dict.fromkeys(f"{share:.0f}" for share in refused[:1] + refused[-1:])),
        cost=_cost(card, evaluation),
        baseline=name,
        sets=_sets_table(release.alphabet, evaluation, compared, name),
        strangers=_shares_table((_("Ink"), _("Refused")), "refused", evaluation, compared, name),
        robustness=_shares_table((_("The same ink"), _("Right")), "robustness", evaluation, compared, name),
        pictures=_pictures(release, evaluation),
    )


def report_pictures(release: Release) -> dict[str, Path]:
    """The pictures that lie in a release's report, by file name."""
    return {path.name: path for path in sorted((release.folder / "report").glob("*.png"))}


def _standings(evaluation: dict[str, Any]) -> list[Standing]:
    found = []
    for name, scores in (evaluation.get("sets") or {}).items():
        exact = scores.get("accuracy")
        right = scores.get("case_insensitive", exact)
        if right is not None:
            other = None if exact in (None, right) else _decimal(exact, 1)
            found.append(Standing(right, name, str(SETS.get(name, "")), _decimal(right, 1), other))
    return found


def _cost(card: dict[str, Any], evaluation: dict[str, Any]) -> tuple[str, ...]:
    cost = {**card, **evaluation}
    words = []
    if cost.get("parameters") is not None:
        words.append(_("%(count)s parameters", count=_decimal(cost["parameters"])))
    if cost.get("bytes") is not None:
        words.append(f"{_decimal(cost['bytes'] * 1e-6, 1)} MB")
    if cost.get("ms_per_glyph") is not None:
        words.append(_("%(time)s ms for each character", time=_decimal(cost["ms_per_glyph"], 1)))
    return tuple(words)


def _sets_table(
    alphabet: str, evaluation: dict[str, Any], compared: dict[str, Any], baseline: str | None
) -> Table | None:
    """A row for each set, a column for each figure that any of them has."""
    sets = evaluation.get("sets") or {}
    others = compared.get("sets") or {}
    columns = {
        key: Cell(*map(str, words))
        for key, words in COLUMNS.items()
        if any(key in scores for scores in sets.values())
        and not (key == "case_insensitive" and alphabet == DIGITS.name)
    }
    head = [
        Cell(_("Handwriting")),
        Cell(_("Right"), _("95 % interval")),
        *_compared_head(baseline),
        *columns.values(),
    ]
    rows = [
        (
            Cell(name, _about(name, scores)),
            Cell(_percent(scores.get("accuracy")), _interval(scores)),
            *_compared_cell(baseline, others.get(name, {}).get("accuracy")),
            *(Cell(_percent(scores.get(key))) for key in columns),
        )
        for name, scores in sets.items()
    ]
    return Table(tuple(head), tuple(rows)) if rows else None


def _shares_table(
    head: tuple[str, str],
    key: str,
    evaluation: dict[str, Any],
    compared: dict[str, Any],
    baseline: str | None,
) -> Table | None:
    """A row for each entry of `evaluation[key]`, name → percent."""
    others = compared.get(key) or {}
    rows = [
        (
            Cell(ink_name(name), str(STRANGERS.get(name, ""))),
            Cell(_percent(share)),
            *_compared_cell(baseline, others.get(name)),
        )
        for name, share in (evaluation.get(key) or {}).items()
    ]
    title, value = head
    return Table((Cell(title), Cell(value), *_compared_head(baseline)), tuple(rows)) if rows else None


def _compared_head(baseline: str | None) -> list[Cell]:
    return [Cell(baseline, _("to compare"))] if baseline else []


def _compared_cell(baseline: str | None, share: float | None) -> list[Cell]:
    return [Cell(_percent(share))] if baseline else []


def _decimal(number: float, num_places: int = 0) -> str:
    """As the visitor's language writes it."""
    return str(format_decimal(number, format=f"#,##0{'.' if num_places else ''}{'0' * num_places}"))


def _percent(share: float | None) -> str:
    """How many of 100; the sign where the language puts it."""
    return "–" if share is None else format_percent(0).replace("0", _decimal(share, 2))


def _interval(scores: dict[str, Any]) -> str:
    low, high = scores.get("low"), scores.get("high")
    return "" if low is None or high is None else f"{_decimal(low, 2)}–{_decimal(high, 2)}"


def _about(name: str, scores: dict[str, Any]) -> str:
    count = scores.get("count")
    samples = "" if count is None else _("%(count)s samples", count=_decimal(count))
    return ", ".join(str(part) for part in (SETS.get(name, ""), samples) if part)


def _pictures(release: Release, evaluation: dict[str, Any]) -> tuple[Picture, ...]:
    """The report spells the names of sets with small letters and hyphens."""
    titles = {name.lower().replace(" ", "-"): name for name in evaluation.get("sets") or {}}
    found = []
    for path in report_pictures(release).values():
        first, _dash, slug = path.stem.partition("-")
        group, caption, alt = PICTURES.get(
            first, ("others", path.stem.replace("-", " "), _("Of the report."))
        )
        about = titles.get(slug, slug.replace("-", " "))
        found.append(Picture(path.stem, group, str(caption) % {"set": about}, str(alt)))
    return tuple(found)
