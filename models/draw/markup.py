"""Elements of SVG and HTML, in which nothing but these functions writes what means something there."""

from collections.abc import Mapping
from html import escape

Attributes = Mapping[str, str | int | float | None]
"""The attributes of an element; those that are nothing are left out."""


def element(name: str, attributes: Attributes, *inner: str) -> str:
    """An element around markup."""
    given = "".join(
        f' {key}="{_value(value)}"' for key, value in attributes.items() if value is not None
    )
    return f"<{name}{given}>{''.join(inner)}</{name}>" if inner else f"<{name}{given}/>"


def words(text: str) -> str:
    """A text of which every character stands for itself."""
    return escape(text, quote=True)


def text(x: float, y: float, kind: str, content: str, anchor: str | None = None) -> str:
    """A line of text in SVG."""
    place: Attributes = {"class": kind, "x": x, "y": y, "text-anchor": anchor}
    return element("text", place, words(content))


def _value(value: str | float) -> str:
    return words(value) if isinstance(value, str) else f"{round(value, 1):g}"
