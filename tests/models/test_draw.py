"""Drawings of runs, by the names of their forms."""

import pytest

from models.draw import draw
from models.draw.mermaid import mermaid
from models.draw.run import taken_run
from models.traces.subject import named


def test_a_run_is_drawn_in_the_form_that_is_named() -> None:
    world = named("voting").world
    run = taken_run("voting", world, world.system.enabled(world.state)[:1])
    assert draw(run, "mermaid") == mermaid(run)
    with pytest.raises(KeyError, match="crayon"):
        draw(run, "crayon")
