"""Drawings of the run of a session, in files and in notebooks."""

from importlib import import_module
from pathlib import Path

from attrs import frozen

from models.command.errors import InputError
from models.files import whole
from models.traces.document import Trace

FORMS = {
    ".svg": "svg",
    ".html": "html",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".itf.json": "itf",
    ".shiviz": "shiviz",
}
"""The forms of drawings, by the endings of the names of their files."""


@frozen(repr=False)
class Drawing:
    """A drawing; notebooks show it."""

    form: str
    """Its form: one of those in `FORMS`."""
    text: str
    """The drawing."""

    def __repr__(self) -> str:
        """The text itself: it is made to be read, or to be written to a file."""
        return self.text

    def _repr_svg_(self) -> str | None:
        return self.text if self.form == "svg" else None


def draw(trace: Trace, form: str) -> Drawing:
    """A trace as a drawing of some form.

    Raises:
        InputError: there is no such form.
    """
    if form not in FORMS.values():
        raise InputError(f"no drawing {form!r}; expected {', '.join(FORMS.values())}")
    # Who steps need not draw.
    text: str = import_module("models.draw").draw(trace, form)
    return Drawing(form, text)


def drawn(trace: Trace, file: str) -> str:
    """Draw a trace into a file; the answer says so.

    Raises:
        InputError: its name ends in none of the known ways, or it cannot be written.
    """
    form = next((FORMS[ending] for ending in FORMS if file.endswith(ending)), None)
    if form is None:
        raise InputError(f"draw {file}: expected a name that ends in {', '.join(FORMS)}")
    text = draw(trace, form).text
    try:
        with whole(Path(file)) as stream:
            stream.write(text.encode())
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(f"{file}: it cannot be written: {reason}") from error
    return f"{file}: {len(trace.steps)} steps, as {form}"
