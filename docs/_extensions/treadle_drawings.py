"""The drawing that the manual shows: a run of a broken twin, taken anew whenever the manual is built.

`drawings/run.svg` and `drawings/run.html` stand among the pages.
"""

from typing import Any

from sphinx.application import Sphinx

from models.draw import draw
from models.draw.run import Run, run_of
from models.search.exhaustive import explore
from models.search.result import Status
from models.traces.record import recorded
from models.traces.replay import replay
from models.traces.subject import named
from models.twins.audit import BOUNDS

TWIN = "oldest-value-seen"
"""The twin: its evidence is a cycle of dependencies."""

PROPERTY = "history is serializable"
"""What it breaks."""

FOLDER = "drawings"
"""Where drawings stand among the pages."""

FORMS = {"svg": "run.svg", "html": "run.html"}
"""The forms of drawings that are shown, and their files."""


def shown_run() -> Run:
    """The run that is drawn: one of the shortest that break the property."""
    found = named(TWIN)
    result = explore(found.world, BOUNDS, frozenset({PROPERTY}))
    for each in result.properties:
        if (
            each.property.name == PROPERTY
            and each.status is Status.VIOLATED
            and each.evidence is not None
        ):
            shown = (each.property, each.evidence)
            trace = recorded(found.subject, found.world, each.events, shown)
            return run_of(replay(trace, found.world))
    raise LookupError(f"{TWIN} does not break {PROPERTY!r}")


def put(app: Sphinx, failure: Exception | None) -> None:
    """Put the drawings among the pages."""
    if failure is None and app.builder.format == "html":
        folder = app.outdir / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        run = shown_run()
        for form, file in FORMS.items():
            (folder / file).write_text(draw(run, form), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Draw when the pages are there."""
    app.connect("build-finished", put)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
