"""The colours and letters of drawings, for light and for dark surroundings.

Whoever reads a drawing without a style sheet, or in print, sees the light one.
"""

from collections.abc import Mapping

HUES = 8
"""How many transactions have colours of their own; after these, the colours begin again."""

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#59626e",
    "line": "#c3c9d1",
    "shade": "#f1f3f6",
    "bad": "#b42318",
    "blush": "#fdecea",
    "t0": "#0b62b8",
    "t1": "#b04a06",
    "t2": "#1a7439",
    "t3": "#8434b4",
    "t4": "#a8216b",
    "t5": "#0c6e78",
    "t6": "#766000",
    "t7": "#55606e",
}
"""The colours for light surroundings."""

DARK: Mapping[str, str] = {
    "paper": "#14171c",
    "ink": "#e6e9ee",
    "muted": "#a0aab6",
    "line": "#414a56",
    "shade": "#20252d",
    "bad": "#ff8f80",
    "blush": "#3b1f1d",
    "t0": "#6cb2ff",
    "t1": "#ffab63",
    "t2": "#6ad48c",
    "t3": "#cf9bff",
    "t4": "#ff8fc4",
    "t5": "#5fd3df",
    "t6": "#e3c94a",
    "t7": "#aab4c0",
}
"""The colours for dark ones."""

LETTERS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
"""The letters of labels: of one width, so that their room is known."""

SHAPES = """
.picture text { font: 12px LETTERS; fill: ink; unicode-bidi: isolate; }
.picture .halo { paint-order: stroke; stroke: paper; stroke-width: 4px; stroke-linejoin: round; }
.picture .tint { paint-order: stroke; stroke: blush; stroke-width: 4px; stroke-linejoin: round; }
.picture .small { font-size: 10px; fill: muted; }
.picture .number { font-size: 10.5px; fill: muted; }
.picture .title { font-size: 15px; font-weight: 600; }
.picture .bad { fill: bad; }
.picture .strong { font-weight: 600; }
.picture .paper { fill: paper; }
.picture .blush { fill: blush; }
.picture .shade { fill: shade; stroke: line; stroke-dasharray: 3 3; }
.picture .rule { stroke: bad; stroke-width: 1.5; }
.picture .life { stroke: line; stroke-width: 1.5; }
.picture .box { fill: shade; stroke: muted; }
.picture .end { stroke: muted; stroke-width: 1.5; }
.picture .birth { stroke: muted; stroke-dasharray: 2 3; fill: none; }
.picture .arrow { stroke-width: 1.3; fill: none; }
.picture .again .arrow { stroke-width: 0.7; opacity: 0.5; }
.picture .late { stroke-dasharray: 5 3; }
.picture .open { fill: paper; stroke-width: 1.5; }
.picture .node { fill: blush; stroke: bad; stroke-width: 1.5; }
.picture .edge { stroke: bad; stroke-width: 1.5; fill: none; }
.picture .x { fill: muted; }
.picture .s-x { stroke: muted; }
"""
"""The style of a drawing, with the names of colours in place of these."""


def style() -> str:
    """The style sheet of a drawing: light, and dark where that is preferred."""
    hues = "".join(
        f".picture .t{n} {{ fill: t{n}; }}\n.picture .s-t{n} {{ stroke: t{n}; }}\n"
        for n in range(HUES)
    )
    shapes = SHAPES.replace("LETTERS", LETTERS) + hues
    dark = painted(_colours_only(shapes), DARK)
    return f"{painted(shapes, LIGHT)}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def painted(sheet: str, colours: Mapping[str, str]) -> str:
    """A style sheet with colours in place of their names."""
    for name, colour in colours.items():
        sheet = sheet.replace(f": {name};", f": {colour};")
    return sheet


def _colours_only(sheet: str) -> str:
    """The declarations of a style sheet that name colours."""
    rules = [line.partition(" {") for line in sheet.splitlines() if "{" in line]
    kept = (
        (name, [each for each in _declared(rest) if _is_colour(each)]) for name, _, rest in rules
    )
    return "".join(f"{name} {{ {' '.join(each)} }}\n" for name, each in kept if each)


def _declared(rest: str) -> list[str]:
    return [f"{each.strip()};" for each in rest.rstrip(" }").split(";") if each.strip()]


def _is_colour(declared: str) -> bool:
    return declared.rpartition(": ")[2].rstrip(";") in LIGHT
