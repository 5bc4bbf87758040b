"""Whatever is done on the pad, an undo restores the picture, to the last pixel."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.browser.desk import Desk
from tests.browser.drawings import DASH

# Runs actions on a pad of its own beside a list of the pictures that there were. Answers with what went wrong.
PLAY = """async (actions) => {
    const {Pad} = await import('/static/js/pad.js');
    const canvas = document.body.appendChild(document.createElement('canvas'));
    canvas.className = 'visually-hidden';
    const pad = new Pad(canvas);
    canvas.width = canvas.height = 120;
    const picture = () => {
        pad.surface.paint();
        return new TextDecoder('latin1').decode(canvas.getContext('2d').getImageData(0, 0, 120, 120).data);
    };
    const stroke = (points, tool) => {
        points.forEach(([x, y], i) => (i ? pad.extend(x, y, i, 0.5) : pad.begin(x, y, i, 0.5, tool)));
        pad.end();
    };
    const blank = picture();
    const faults = [];
    const expect = (wanted, what) => picture() === wanted || faults.push(what);
    let [past, future, now] = [[], [], blank];
    for (const [name, points] of actions) {
        if (name === 'undo' || name === 'redo') {
            const [from, to] = name === 'undo' ? [past, future] : [future, past];
            if (from.length) [, now] = [to.push(now), from.pop()];
            pad[name]();
            expect(now, name);
            continue;
        }
        let steps = 0;
        const count = () => (steps += 1);
        pad.addEventListener('change', count);
        if (name === 'clear' || name === 'settle') pad[name]();
        else stroke(points, name);
        pad.removeEventListener('change', count);
        if (steps > 1) faults.push(`${name} took ${steps} steps`);
        if (steps === 0) { expect(now, `${name} without a step changed the picture`); continue; }
        const after = picture();
        pad.undo();
        expect(now, `undo of ${name}`);
        pad.redo();
        expect(after, `redo of ${name}`);
        [past, future, now] = [[...past, now], [], after];
    }
    while (pad.canUndo) pad.undo();
    expect(blank, 'undo of everything');
    canvas.remove();
    return faults;
}"""

COORDINATES = st.floats(-20, 300).map(lambda value: round(value, 1))
POINTS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=8)
ACTIONS: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.sampled_from(["pen", "pen", "eraser"]), POINTS),
    st.tuples(st.sampled_from(["undo", "undo", "redo", "clear", "settle"]), st.just([])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, min_size=1, max_size=14))
def test_undo_restores_the_picture(desk: Desk, actions: list[Any]) -> None:
    assert desk.page.evaluate(PLAY, actions) == []


def test_the_eraser_splits_a_stroke_and_one_undo_mends_it(desk: Desk) -> None:
    desk.draw(DASH)
    whole = desk.ink()
    desk.page.get_by_role("button", name="Eraser").click()
    desk.draw([[(140, 100), (140, 180)]])
    assert desk.ink((140, 140), 12) == 0
    assert desk.num_strokes() == 2
    desk.page.get_by_role("button", name="Undo").click()
    assert desk.ink() == whole
    assert desk.num_strokes() == 1


def test_an_eraser_that_touches_nothing_is_no_step(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Eraser").click()
    desk.draw(DASH)
    assert desk.page.get_by_role("button", name="Undo").is_disabled()
