"""Drawings of runs: each form is text, made from one run, the same in every process.

`draw(run, form)` makes any of them; `models.draw.forms` says which there are.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.draw.run import Run


def draw(run: "Run", form: str) -> str:
    """The drawing of a run in the form of this name, as text.

    Raises:
        KeyError: there is no such form of runs.
    """
    # Whoever imports one form should not load all of them.
    from models.draw.forms import form_named  # noqa: PLC0415

    return form_named(form).of_run(run)
