"""The lanes in SVG: labels stay on the paper, transactions keep their colours."""

import re
from collections.abc import Callable

import pytest

from models.draw.lanes import diagram_of
from models.draw.layout import layout_of
from models.draw.palette import HUES
from models.draw.picture import GUTTER_END, Picture, heads, hues_of, names_bar
from models.draw.run import Run
from models.draw.text import cells
from models.model import World
from models.traces.subject import named

LastRun = Callable[[str, World, int], Run]

LABEL = re.compile(
    r'<text class="(small )?halo" x="([\d.]+)" y="[\d.]+"( text-anchor="end")?>([^<]*)<'
)
WIDTHS = {"": 7.25, "small ": 6.1}


@pytest.fixture(scope="module")
def picture(last_run: LastRun) -> Picture:
    """The picture of a run with several transactions."""
    run = last_run("transfer", named("transfer").world, 60)
    diagram = diagram_of(run)
    return Picture(diagram, layout_of(diagram, 50), hues_of(diagram))


def test_labels_lie_between_the_numbers_and_the_edge(picture: Picture) -> None:
    labels = LABEL.findall("".join(picture.markup()))
    assert len(labels) > len(picture.diagram.acts)
    for small, x, end, label in labels:
        wide = cells(label.replace("&gt;", ">").replace("&#x27;", "'")) * WIDTHS[small]
        left = float(x) - wide if end else float(x)
        assert left > GUTTER_END
        assert left + wide < picture.layout.width


def test_labels_stand_on_the_side_from_which_the_message_does_not_come(picture: Picture) -> None:
    left = [bool(end) for small, _, end, _ in LABEL.findall("".join(picture.markup())) if not small]
    xs = picture.layout.xs
    for act, is_left in zip(picture.diagram.acts, left, strict=True):
        [arrow] = [each for each in picture.diagram.arrows if each.taken == act.step]
        assert not (is_left and xs[arrow.source] <= xs[act.lane])
    assert any(left)
    assert not all(left)


def test_transactions_have_colours_in_the_order_in_which_they_are_named(picture: Picture) -> None:
    assert list(picture.hues.values()) == ["t0", "t1"]
    assert all(f"head-t{number}" in heads() for number in range(HUES))


def test_the_bar_of_names_names_every_lane(picture: Picture) -> None:
    bar = "".join(names_bar(picture))
    assert [each.name for each in picture.diagram.lanes if f">{each.name}</text>" not in bar] == []
