"""The demonstration in the guide: real ink, real answers, and a player that does what its buttons say."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageMaker
from tests.browser.demonstration import STEP_MS, Demonstration
from tests.browser.room import MoodyRoom
from tests.browser.site import Site

NUM_SCENES = 5
BY_THE_END_MS = 40_000


@pytest.fixture
def film(open_page: PageMaker, site: Site) -> Demonstration:
    """The demonstration for one who likes motion."""
    film = Demonstration(open_page(reduced_motion="no-preference"), site.url)
    expect(film.play).to_have_text("Pause")
    return film


@pytest.fixture
def stills(page: Page, site: Site) -> Demonstration:
    """The demonstration for one who likes less of it."""
    return Demonstration(page, site.url)


def test_it_plays_to_the_end_and_stops(film: Demonstration) -> None:
    captions = [film.caption.inner_text()]
    for _ in range(0, BY_THE_END_MS, STEP_MS):
        film.watch(STEP_MS)
        captions += [caption] if (caption := film.caption.inner_text()) != captions[-1] else []
        if film.play.inner_text() == "Play again":
            break
    film.watch(1000)
    expect(film.play).to_have_text("Play again")
    expect(film.number).to_have_text(str(NUM_SCENES))
    assert len(captions) == len(set(captions)) == NUM_SCENES


def test_ink_comes_at_the_pace_of_the_pen(film: Demonstration) -> None:
    film.watch(500)
    assert film.ink() == 0
    film.watch(750)
    begun = film.ink()
    assert begun > 0
    assert film.questions == []
    film.watch(750)
    assert film.ink() > begun


def test_the_server_is_asked_after_every_stroke_as_the_pad_asks(film: Demonstration) -> None:
    film.watch(3000)
    assert [len(each["strokes"]) for each in film.questions] == [1, 2]
    assert {each["alphabet"] for each in film.questions} == {"digit"}
    expect(film.character).to_have_text("7")
    expect(film.sentence).to_have_text("90% sure")
    expect(film.answer.locator(".bars li")).to_have_count(3)
    assert film.answer.locator("progress").first.evaluate("bar => bar.value") == pytest.approx(0.9)


def test_letters_go_with_the_height_of_the_lines(stills: Demonstration) -> None:
    expect(stills.root.locator(".guides")).to_be_hidden()
    for _ in range(3):
        stills.press("Next scene")
    expect(stills.root.locator(".guides")).to_be_visible()
    expect(stills.character).to_have_text("A")
    assert stills.questions[-1]["alphabet"] == "character"
    assert stills.questions[-1]["cap_height"] == pytest.approx(0.52 * 280, abs=1)


@pytest.mark.parametrize(
    ("leaders", "rejected", "said", "label"),
    [
        ({"7": 0.9}, None, "no", "It is a 1"),
        ({"1": 0.9}, None, "yes", ""),
        ({"1": 0.4}, "uncertain", "", "It is a 1"),
    ],
    ids=["wrong", "right", "refused"],
)
def test_what_is_pressed_depends_on_the_answer(
    stills: Demonstration,
    room: MoodyRoom,
    leaders: dict[str, float],
    rejected: str | None,
    said: str,
    label: str,
) -> None:
    room.leaders, room.rejected = leaders, rejected
    stills.press("Next scene")
    stills.press("Next scene")
    expect(stills.answer).not_to_have_attribute("data-state", "empty")
    expect(stills.root.locator(".demo-verdict")).to_have_attribute("data-said", said)
    expect(stills.label).to_have_text(label)


def test_nothing_of_it_is_kept(film: Demonstration, site: Site) -> None:
    before = site.samples()
    film.press("Next scene")
    film.press("Next scene")
    film.watch(5000)
    expect(film.label).to_have_text("It is a 1")
    assert site.samples() == before
    assert film.other_posts == []


def test_a_pause_stands_still(film: Demonstration) -> None:
    film.watch(1250)
    film.press("Pause")
    ink = film.ink()
    film.watch(2000)
    assert film.ink() == ink > 0
    film.press("Play")
    film.watch(1000)
    assert film.ink() > ink


def test_while_paused_a_step_shows_what_becomes_of_a_scene(film: Demonstration) -> None:
    first = film.caption.inner_text()
    film.press("Pause")
    film.press("Next scene")
    expect(film.caption).not_to_have_text(first)
    expect(film.number).to_have_text("2")
    expect(film.character).to_have_text("7")
    film.press("Previous scene")
    expect(film.caption).to_have_text(first)
    film.watch(STEP_MS)
    assert film.ink() > 0


def test_a_step_while_playing_plays_on(film: Demonstration) -> None:
    film.press("Next scene")
    expect(film.number).to_have_text("2")
    film.watch(500)
    assert film.ink() == 0
    film.watch(750)
    assert film.ink() > 0


def test_it_plays_again_from_the_beginning(film: Demonstration) -> None:
    for _ in range(NUM_SCENES):
        film.press("Next scene")
    film.watch(6000)
    film.press("Play again")
    expect(film.number).to_have_text("1")
    film.press("Next scene")
    film.press("From the beginning")
    expect(film.number).to_have_text("1")
    expect(film.play).to_have_text("Pause")


def test_what_was_answered_is_not_asked_again(film: Demonstration) -> None:
    film.watch(3000)
    film.press("From the beginning")
    film.watch(3000)
    assert len(film.questions) == 2


def test_undo_is_seen_to_be_pressed(film: Demonstration) -> None:
    film.press("Next scene")
    film.watch(3000)
    ink = film.ink()
    undo = film.root.locator("[data-tool=undo]")
    expect(undo).to_be_hidden()
    film.watch(750)
    expect(undo).to_be_visible()
    assert film.ink() < ink


def test_less_motion_shows_finished_scenes(stills: Demonstration) -> None:
    expect(stills.play).to_have_text("Play")
    expect(stills.character).to_have_text("7")
    assert [len(each["strokes"]) for each in stills.questions] == [2]
    for number in range(2, NUM_SCENES + 1):
        stills.press("Next scene")
        expect(stills.number).to_have_text(str(number))
        expect(stills.answer).to_have_attribute("data-state", "answered")
    expect(stills.play).to_have_text("Play")
    assert stills.ink() > 0


def test_out_of_sight_it_does_not_play(open_page: PageMaker, site: Site) -> None:
    page = open_page(reduced_motion="no-preference", viewport={"width": 1280, "height": 150})
    film = Demonstration(page, site.url, at_the_top=True)
    film.watch(1500)
    expect(film.play).to_have_text("Play")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(film.play).to_have_text("Pause")
    page.locator("#limits-title").scroll_into_view_if_needed()
    expect(film.play).to_have_text("Play")
    assert film.questions == []


def test_nobody_who_paused_is_played_to(film: Demonstration) -> None:
    film.press("Pause")
    film.page.locator("#limits-title").scroll_into_view_if_needed()
    film.page.locator("#demo-stage").scroll_into_view_if_needed()
    film.watch(1000)
    expect(film.play).to_have_text("Play")


def test_without_the_server_it_says_so_and_goes_on(own_site: Site, page: Page) -> None:
    stills = Demonstration(page, own_site.url)
    expect(stills.character).to_have_text("7")
    own_site.stop()
    stills.press("Next scene")
    expect(stills.answer).to_have_attribute("data-state", "problem")
    expect(stills.sentence).to_have_text("No answer just now")
    expect(stills.answer).to_contain_text("The server isn’t answering")
    expect(stills.answer).to_contain_text("None is made up")
    expect(stills.answer.locator(".bars li")).to_have_count(0)
    assert stills.ink() > 0
    own_site.start()
    stills.press("Previous scene")
    expect(stills.character).to_have_text("7")


def test_without_networks_it_says_so(own_site: Site, page: Page) -> None:
    own_site.app.extensions["recognition"].usable = False
    stills = Demonstration(page, own_site.url)
    expect(stills.answer).to_contain_text("no network yet")


def test_the_keyboard_works_it(film: Demonstration) -> None:
    film.play.focus()
    film.page.keyboard.press("Space")
    expect(film.play).to_have_text("Play")
    film.page.keyboard.press("Tab")
    film.page.keyboard.press("Tab")
    film.page.keyboard.press("Enter")
    expect(film.number).to_have_text("2")
    expect(film.root.get_by_role("button", name="Next scene")).to_be_focused()


def test_only_another_scene_is_announced(film: Demonstration) -> None:
    live = film.root.locator("[aria-live], [role=status], [role=alert]")
    expect(live).to_have_count(1)
    expect(live).to_have_attribute("aria-live", "polite")
    film.page.evaluate(
        """() => {
            const told = new MutationObserver(() => told.times++);
            told.times = 0;
            const caption = document.querySelector('#demo-caption');
            told.observe(caption, {childList: true, characterData: true, subtree: true});
            window.told = told;
        }"""
    )
    film.watch(6000)
    expect(film.number).to_have_text("2")
    assert film.page.evaluate("told.times") == 1


def test_the_demonstration_in_words(stills: Demonstration) -> None:
    scenes = stills.page.locator("#demo-transcript li")
    expect(scenes).to_have_count(NUM_SCENES)
    expect(scenes.first).to_be_hidden()
    stills.page.get_by_text("The demonstration in words").click()
    expect(scenes.first).to_contain_text(stills.caption.inner_text())
    expect(stills.root.get_by_role("img")).to_have_accessible_name(
        "A 7 is written, and then the bar across it."
    )


def test_without_javascript_the_words_are_there(open_page: PageMaker, site: Site) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site.url}/guide")
    expect(page.locator("#demo")).to_be_hidden()
    scenes = page.locator("noscript li")  # text in there is nothing to get_by_text
    expect(scenes).to_have_count(NUM_SCENES)
    expect(scenes.last).to_be_visible()
    expect(scenes.last).to_contain_text("A heart is drawn where digits are read.")


@pytest.mark.parametrize("why", [None, "uncertain", "no_character"])
def test_stage_and_buttons_fit_on_a_phone_and_stay(
    open_page: PageMaker, site: Site, room: MoodyRoom, why: str | None
) -> None:
    room.rejected = why
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    stills = Demonstration(page, site.url)
    heights = set()
    for number in range(NUM_SCENES):
        expect(stills.number).to_have_text(str(number + 1))
        expect(stills.answer).not_to_have_attribute("data-state", "empty")
        card, buttons = stills.root.bounding_box(), page.locator(".demo-buttons").bounding_box()
        assert card
        assert buttons
        heights.add(round(buttons["y"] + buttons["height"] - card["y"]))
        stills.press("Next scene")
    assert len(heights) == 1
    assert max(heights) < 700
