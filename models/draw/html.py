"""A run as one page that works without a network: its picture, and all that a reader may ask of it.

Choices:
- The page is complete without scripts: picture and evidence stand in it. Scripts add the walk through the states.
- Nothing is fetched from anywhere, and the page itself forbids it.
- Names and values stand in the page as text, or as data that scripts put there as text: none of them can be markup.
"""

from collections.abc import Iterator
from importlib.resources import files

from models.draw.cycle import cycle_in
from models.draw.folding import folds
from models.draw.lanes import Diagram, diagram_of
from models.draw.layout import layout_of
from models.draw.markup import Attributes, element, words
from models.draw.page_data import page_data
from models.draw.palette import DARK, LETTERS, LIGHT, style
from models.draw.picture import Picture, heads, hues_of, names_bar
from models.draw.run import Run, Shown
from models.draw.svg import GRAPH, description, graph, headline, said
from models.draw.text import natural

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What the page may load: nothing."""

TOP = 30.0
"""Where the first row begins, so that the names above it stand where the bar of names lies."""


def html(run: Run) -> str:
    """The page of a run."""
    diagram = diagram_of(run)
    layout = layout_of(diagram, TOP, fold=False)
    picture = Picture(diagram, layout, hues_of(diagram))
    found = folds(len(diagram.acts), (each.step for each in diagram.shown))
    folded = (step for each in found for step in range(each.first, each.last + 1))
    head = element(
        "head",
        {},
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{words(POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        element("title", {}, words(headline(diagram))),
        element("style", {}, _variables(), _own("page.css"), style()),
    )
    body = element(
        "body",
        {},
        _header(diagram),
        _controls(diagram),
        element("main", {}, _picture(picture), _panel()),
        _evidence(diagram, picture),
        _keys(),
        element(
            "script",
            {"type": "application/json", "id": "run"},
            page_data(run, diagram, layout, folded),
        ),
        element("script", {}, _own("page.js")),
    )
    return f"<!doctype html>\n{element('html', {'lang': 'en'}, head, body)}\n"


def _own(name: str) -> str:
    """A file that lies beside this one."""
    return files("models.draw").joinpath(name).read_text(encoding="utf-8")


def _variables() -> str:
    light, dark = (
        "".join(f"--{name}: {colour};" for name, colour in colours.items())
        for colours in (LIGHT, DARK)
    )
    fixed = f":root {{ {light} --letters: {LETTERS}; color-scheme: light dark; }}\n"
    return f"{fixed}@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def _header(diagram: Diagram) -> str:
    shown = diagram.shown[:1]
    lines = [*map(said, shown), *diagram.notes]
    return element(
        "header",
        {},
        element("h1", {}, words(headline(diagram))),
        *(element("p", {"class": "verdict" if shown else "note"}, words(each)) for each in lines),
    )


def _controls(diagram: Diagram) -> str:
    last = len(diagram.acts)
    topics = [each.topics for each in diagram.acts]
    transactions = {name for each in topics for name in each.transactions}
    keys = {name for each in topics for name in each.keys}
    slider: Attributes = {
        "id": "slider",
        "type": "range",
        "min": 0,
        "max": last,
        "value": last,
        "aria-label": "step",
    }
    return element(
        "form",
        {"id": "controls", "aria-label": "walk through the run", "hidden": ""},
        element(
            "div",
            {"class": "walk"},
            _button("first", "⇤", "to the start"),
            _button("back", "←", "one step back"),
            element("input", slider).replace("/>", ">"),
            _button("on", "→", "one step on"),
            _button("last", "⇥", "to the end"),
            element("output", {"id": "where", "for": "slider"}, words(f"step {last} of {last}")),
        ),
        element(
            "div",
            {"class": "filters"},
            _choice("engine", [each.name for each in diagram.lanes]),
            _choice("transaction", sorted(transactions, key=natural)),
            _choice("key", sorted(keys, key=natural)),
            _button("unfold", "show all", "show all steps: unfold them, and filter nothing"),
        ),
    )


def _button(name: str, label: str, title: str) -> str:
    given = {"id": name, "type": "button", "title": title, "aria-label": title}
    return element("button", given, words(label))


def _choice(name: str, choices: list[str]) -> str:
    if not choices:
        return ""
    options = (element("option", {"value": each}, words(each)) for each in choices)
    every = element("option", {"value": ""}, "all")
    choice = element("select", {"id": f"of-{name}"}, every, *options)
    return element("label", {}, f"{name} ", choice)


def _picture(picture: Picture) -> str:
    layout, diagram = picture.layout, picture.diagram
    bottom = layout.bottom + 16
    size: Attributes = {"width": layout.width, "height": bottom}
    box = f"0 0 {round(layout.width, 1):g} {bottom:g}"
    return element(
        "section",
        {"id": "lanes", "aria-label": "the run", "tabindex": "0"},
        element(
            "svg",
            {"class": "picture names", "aria-hidden": "true", "width": layout.width, "height": 34},
            *names_bar(picture),
        ),
        element(
            "svg",
            {"id": "picture", "class": "picture", "role": "img", "viewBox": box, **size},
            element("title", {}, words(headline(diagram))),
            element("desc", {}, words(description(diagram))),
            heads(),
            element(
                "rect", {"id": "cursor", "class": "cursor", "width": layout.width, "height": 0}
            ),
            *picture.markup(),
        ),
    )


def _panel() -> str:
    return element(
        "aside",
        {"id": "panel", "aria-label": "the step and the state after it"},
        element("div", {"id": "step", "aria-live": "polite"}, _hint()),
        element("div", {"id": "state"}, ""),
    )


def _hint() -> str:
    return element("p", {"class": "note"}, words("Scripts are off: the picture is all there is."))


def _evidence(diagram: Diagram, picture: Picture) -> str:
    if not diagram.shown:
        return ""
    parts = (part for each in diagram.shown for part in _finding(each, picture))
    return element("section", {"id": "evidence"}, element("h2", {}, "What it shows"), *parts)


def _finding(shown: Shown, picture: Picture) -> Iterator[str]:
    go: Attributes = {"type": "button", "class": "go", "data-go": shown.step}
    button = element("button", go, words(f"step {shown.step}"))
    lines = (element("p", {}, words(each)) for each in (shown.finding, *shown.details))
    edges = cycle_in(shown)
    size: Attributes = {"width": 380, "height": GRAPH, "viewBox": f"0 0 380 {GRAPH:g}"}
    label = " ".join(f"{each.kind.value} {each.item}" for each in edges)
    drawn = element(
        "svg",
        {"class": "picture", "role": "img", "aria-label": f"cycle: {label}", **size},
        *graph(edges, picture),
    )
    yield element(
        "article",
        {"class": "breaks" if shown.breaks else "seen"},
        element("h3", {}, words(said(shown)), " ", button),
        *lines,
        drawn if edges else "",
    )


def _keys() -> str:
    keys = (
        ("← →", "a step back or on"),
        ("Page ↑ ↓", "ten of them"),
        ("Home End", "start, end"),
        ("b", "to what is broken"),
        ("u", "show all"),
    )
    entries = (f"{element('kbd', {}, words(key))} {words(what)}" for key, what in keys)
    return element("footer", {"id": "keys", "hidden": ""}, " · ".join(entries))
