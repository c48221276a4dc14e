"""The forms of drawings: what each is called, how its files end, and what it can draw.

A new form is one module and one line in `FORMS`.
"""

from collections.abc import Callable
from pathlib import PurePath

from attrs import frozen

from models.draw.dot import dot
from models.draw.graph_dot import graph_dot
from models.draw.graph_svg import graph_svg
from models.draw.graphs import StateGraph
from models.draw.html import html
from models.draw.itf import itf
from models.draw.mermaid import mermaid
from models.draw.run import Run
from models.draw.shiviz import shiviz
from models.draw.svg import svg


@frozen
class RunForm:
    """A form in which runs are drawn."""

    name: str
    """Its name, as `--as` takes it."""
    suffixes: tuple[str, ...]
    """How the names of its files end."""
    of_run: Callable[[Run], str]
    """The drawing of a run."""


@frozen
class GraphForm:
    """A form in which the state graphs of worlds are drawn."""

    name: str
    """Its name, as `--as` takes it."""
    suffixes: tuple[str, ...]
    """How the names of its files end."""
    of_graph: Callable[[StateGraph], str]
    """The drawing of the states and steps of a world."""


RUN_FORMS: tuple[RunForm, ...] = (
    RunForm("mermaid", (".mmd", ".mermaid"), mermaid),
    RunForm("svg", (".svg",), svg),
    RunForm("html", (".html", ".htm"), html),
    RunForm("dot", (".dot", ".gv"), dot),
    RunForm("itf", (".itf.json",), itf),
    RunForm("shiviz", (".shiviz", ".shiviz.log"), shiviz),
)
"""The forms in which runs are drawn; the first is the default."""

GRAPH_FORMS: tuple[GraphForm, ...] = (
    GraphForm("svg", (".svg",), graph_svg),
    GraphForm("dot", (".dot", ".gv"), graph_dot),
)
"""The forms in which state graphs are drawn; the first is the default."""


def form_named(name: str) -> RunForm:
    """The form of runs that has this name.

    Raises:
        KeyError: there is none.
    """
    return {each.name: each for each in RUN_FORMS}[name]


def suffix_fits(form: RunForm | GraphForm, file: str) -> bool:
    """Whether a file's name ends as those of the form do."""
    return PurePath(file).name.lower().endswith(form.suffixes)
