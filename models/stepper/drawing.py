"""Drawings of the run of a session, in files and in notebooks."""

from collections.abc import Collection
from html import escape
from pathlib import Path

from attrs import evolve, frozen

from models.errors import InputError
from models.files import whole
from models.schedulers.replay import ReplayError
from models.stepper.session import Session

SHOWN_AS = {"svg": "image/svg+xml", "html": "text/html", "mermaid": "text/vnd.mermaid"}
"""The forms that notebooks show, by what they call them."""

FRAME = '<iframe srcdoc="{}" style="width:100%;height:40em;border:0"></iframe>'
"""How a page stands in a notebook: by itself."""


@frozen(repr=False)
class Drawing:
    """A drawing; notebooks show it."""

    form: str
    """The name of its form."""
    text: str
    """The drawing."""

    def __repr__(self) -> str:
        """The text itself: it is made to be read, or to be written to a file."""
        return self.text

    def _repr_mimebundle_(
        self,
        include: Collection[str] | None = None,  # noqa: ARG002  # notebooks take what they know
        exclude: Collection[str] | None = None,  # noqa: ARG002
    ) -> dict[str, str]:
        shown = SHOWN_AS.get(self.form)
        text = FRAME.format(escape(self.text)) if self.form == "html" else self.text
        return {"text/plain": self.text} | ({} if shown is None else {shown: text})


def drawing(session: Session, form: str) -> Drawing:
    """The run to where a session is, as a drawing of some form.

    Raises:
        InputError: there is no such form, or the world is one whose rules are not pure.
    """
    # Who steps need not draw.
    from models.draw import draw  # noqa: PLC0415
    from models.draw.forms import RUN_FORMS  # noqa: PLC0415
    from models.draw.run import shown_of, taken_run  # noqa: PLC0415

    forms = [each.name for each in RUN_FORMS]
    if form not in forms:
        raise InputError(f"no drawing {form!r}; expected {', '.join(forms)}")
    shown = shown_of(session.here.broken)
    trace = None if session.subject is None else session.trace()
    try:
        run = taken_run(session.name, session.world, session.events(), shown)
    except ReplayError as error:
        raise InputError(f"the run goes otherwise when it is taken again: {error}") from error
    return Drawing(form, draw(evolve(run, trace=trace), form))


def draw_to(session: Session, file: str) -> Drawing:
    """Draw the run to where a session is into a file, in the form that its name ends for.

    Raises:
        InputError: its name ends for none, or it cannot be written.
    """
    from models.draw.forms import RUN_FORMS, suffix_fits  # noqa: PLC0415  # who steps need not draw

    form = next((each.name for each in RUN_FORMS if suffix_fits(each, file)), None)
    if form is None:
        endings = ", ".join(ending for each in RUN_FORMS for ending in each.suffixes)
        raise InputError(f"draw {file}: expected a name that ends in {endings}")
    drawn = drawing(session, form)
    try:
        with whole(Path(file)) as stream:
            stream.write(drawn.text.encode())
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(f"{file}: it cannot be written: {reason}") from error
    return drawn
