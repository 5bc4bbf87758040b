"""The queue, the verdicts, and what is said of a label by now."""

import pytest

from app.errors import UnknownLabel
from app.extensions import db
from app.samples.opinions import Opinion, opinions
from app.samples.review import ANY, CONFIRMATION, CORRECTION, PER_PAGE, Filters, Page, counts, queue, releases
from app.samples.tables import ACCEPTED, NEW, QUARANTINED, REJECTED
from app.samples.verdicts import ACCEPT, REJECT, RELABEL, UNDO, accept_below, reconsider
from tests.samples.answers import LIKELY, UNLIKELY, answer, decide, ink, sample
from tests.samples.readers import reads_as, reads_nothing

pytestmark = pytest.mark.usefixtures("database")


def page_of(number: int = 1, **filters: object) -> Page:
    db.session.rollback()
    return queue(db.session(), Filters(**filters), number, reads_nothing)  # type: ignore[arg-type]


def shown(**filters: object) -> set[str]:
    return {item.sample.id for item in page_of(**filters).items}  # type: ignore[arg-type]


def opinion(sample_id: str, reads: str = "") -> Opinion:
    recognizer_of = reads_as(reads) if reads else reads_nothing
    return opinions(db.session(), [sample(sample_id)], recognizer_of)[sample_id]


def test_the_most_doubtful_come_first() -> None:
    ids = {
        answer(label, visitor=f"{number} {label}"): label
        for number in range(10)
        for label in ("7", LIKELY, UNLIKELY)
    }
    pages = [page_of(number) for number in (1, 2)]
    labels = [ids[item.sample.id] for page in pages for item in page.items]
    assert labels == [UNLIKELY] * 10 + [LIKELY] * 10 + ["7"] * 10
    assert [len(page.items) for page in pages] == [PER_PAGE, 30 - PER_PAGE]


@pytest.mark.parametrize("number", [-1, 0, 99])
def test_a_page_that_is_not_there_is_another_one(number: int) -> None:
    answer("7")
    assert (page_of(number).number, len(page_of(number).items)) == (1, 1)


def test_the_queue_holds_what_waits() -> None:
    new, quarantined, accepted, rejected = (answer(label) for label in ("7", UNLIKELY, "7", "7"))
    decide(ACCEPT, accepted)
    decide(REJECT, rejected)
    assert shown() == {new, quarantined}
    assert shown(state=QUARANTINED) == {quarantined}
    assert shown(state=ANY) == {new, quarantined, accepted, rejected}


@pytest.mark.parametrize(
    "filters",
    [
        {"alphabet": "character"},
        {"kind": CORRECTION},
        {"predicted": "A"},
        {"label": "B"},
        {"source": "upload"},
        {"release": "character/3"},
        {"doubt": 0.5},
    ],
)
def test_each_filter_finds_the_one_and_not_the_other(filters: dict[str, object]) -> None:
    letters = [["A", 0.8], ["B", 0.1], ["C", 0.01], ["D", 0.01], ["E", 0.01]]
    the_one = answer("B", alphabet="character", candidates=letters, release="character/3", source="upload")
    other = answer("7")
    assert shown(**filters) == {the_one}
    assert shown(kind=CONFIRMATION) == {other}


def test_counts_are_of_everything_but_the_state() -> None:
    answer("7")
    decide(ACCEPT, answer("7"), answer(LIKELY))
    filters = Filters(state=REJECTED, kind=CONFIRMATION)
    assert counts(db.session(), filters) == {NEW: 1, QUARANTINED: 0, ACCEPTED: 1, REJECTED: 0}


def test_releases_are_named_once() -> None:
    for release in ("digit/2", "digit/1", "digit/2"):
        answer("7", release=release)
    assert releases(db.session()) == ["digit/1", "digit/2"]


def test_an_address_says_only_what_was_chosen() -> None:
    assert Filters().as_query() == {}
    assert Filters(alphabet="digit", doubt=0.5).as_query() == {"alphabet": "digit", "doubt": "0.5"}


@pytest.mark.parametrize(
    ("verdict", "state", "trains_as"),
    [(ACCEPT, ACCEPTED, LIKELY), (REJECT, REJECTED, None), (RELABEL, ACCEPTED, "5")],
)
def test_a_verdict_says_what_trains_and_when(verdict: str, state: str, trains_as: str | None) -> None:
    decided = answer(LIKELY)
    assert decide(verdict, decided, label="5") == 1
    found = sample(decided)
    assert (found.state, found.accepted_label, found.label) == (state, trains_as, LIKELY)
    assert found.reviewed_at is not None


def test_an_undone_verdict_leaves_no_trace() -> None:
    decided = answer(LIKELY)
    decide(RELABEL, decided, label="5")
    decide(UNDO, decided)
    found = sample(decided)
    assert (found.state, found.accepted_label, found.reviewed_at, found.reviewer_id) == (
        NEW,
        None,
        None,
        None,
    )


def test_what_was_in_quarantine_is_there_again_when_a_verdict_is_undone() -> None:
    suspect = answer(UNLIKELY)
    for verdict in (ACCEPT, REJECT):
        decide(verdict, suspect)
        decide(RELABEL, suspect, label="5")
        decide(UNDO, suspect)
        decide(UNDO, suspect)
        assert sample(suspect).state == QUARANTINED
    assert accept_below(db.session(), "digit", 1.0) == 0


def test_many_are_decided_at_once_and_unknown_ids_passed_over() -> None:
    ids = [answer("7") for _ in range(3)]
    assert decide(ACCEPT, *ids, "0" * 32) == 3
    assert shown(state=ACCEPTED) == set(ids)


@pytest.mark.parametrize("label", ["", "A", "10"])
def test_relabelling_takes_a_character_of_the_alphabet(label: str) -> None:
    decided = answer("7")
    with pytest.raises(UnknownLabel, match="digit"):
        decide(RELABEL, decided, label=label)
    assert sample(decided).state == NEW


def test_a_rule_accepts_the_undoubted_and_leaves_the_quarantine() -> None:
    sure, unsure, quarantined = answer("7"), answer(LIKELY), answer(UNLIKELY)
    assert accept_below(db.session(), "digit", 0.5) == 1
    db.session.commit()
    assert accept_below(db.session(), "digit", 1.0) == 1
    db.session.commit()
    assert [sample(each).state for each in (sure, unsure, quarantined)] == [ACCEPTED, ACCEPTED, QUARANTINED]


def test_the_current_release_is_asked_and_not_the_old_one() -> None:
    given = answer(LIKELY)
    assert opinion(given).release == "digit/0"
    assert opinion(given, reads=LIKELY).release == "digit/9"
    assert opinion(given, reads=LIKELY).doubt < opinion(given).doubt < opinion(given, reads="5").doubt


def test_a_person_who_was_right_is_trusted_and_one_who_was_wrong_is_not() -> None:
    before = opinion(given := answer(LIKELY, "ada")).doubt
    decide(ACCEPT, *[answer(LIKELY, "ada") for _ in range(3)])
    assert opinion(given).doubt < before
    decide(RELABEL, *[answer(LIKELY, "ada") for _ in range(9)], label="7")
    assert (opinion(given).num_right, opinion(given).num_judged) == (3, 12)
    assert opinion(given).doubt > before


def test_other_people_with_the_same_ink_agree_or_disagree() -> None:
    alone = opinion(given := answer(LIKELY, "ada", glyph=ink(1))).doubt
    answer(LIKELY, "grace", glyph=ink(1))
    agreed = opinion(given).doubt
    for who in ("eve", "mallory"):
        answer("7", who, glyph=ink(1))
    assert agreed < alone < opinion(given).doubt
    assert opinion(given).others == (("7", 2), (LIKELY, 1))


def test_neither_oneself_nor_other_ink_nor_what_was_rejected_counts_as_another_opinion() -> None:
    given = answer(LIKELY, "ada", glyph=ink(1))
    answer("7", "ada", glyph=ink(1))
    answer("7", "grace", glyph=ink(2))
    decide(REJECT, answer("7", "eve", glyph=ink(1)))
    assert opinion(given).others == ()


def test_doubting_anew_stores_the_doubt_and_quarantines_what_the_release_excludes() -> None:
    given, excluded = answer("7"), answer(LIKELY)
    old = sample(given).doubt
    assert reconsider(db.engine, reads_as("7")) == (2, 0)
    assert sample(given).doubt != old
    assert {sample(each).state for each in (given, excluded)} == {NEW}
    assert reconsider(db.engine, reads_as("7", share=1.0)) == (2, 1)
    assert (sample(given).state, sample(excluded).state) == (NEW, QUARANTINED)
