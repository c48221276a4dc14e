"""Closed systems and the ways to run them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models.checking import Checked, Request
    from models.model import Model, Value, World
    from models.stepper.notebook import Stepping


def check(model: "Model | str", request: "Request | None" = None) -> "Checked":
    """Build the world of a model, search it, and judge everything, as `treadle check` does.

    Args:
        model: the model, or what the command takes for one: a name, a scenario file, `file.py:NAME`.
        request: its parameters, which search, and how far it may go.
    """
    # Whoever imports one module of this package should not load all of it.
    from models.checking import check as check_model  # noqa: PLC0415
    from models.target import target  # noqa: PLC0415

    if isinstance(model, str):
        named = target(model)
        return check_model(named.model, request, built_in=named.built_in)
    return check_model(model, request)


def open_model(
    what: "str | Path | Model | World",
    parameters: "Mapping[str, Value] | None" = None,
    seed: int = 0,
) -> "Stepping":
    """Step through a model, a scenario, a twin or a trace by hand, as `treadle step` does.

    Args:
        what: the model or world, or what the command takes for one.
        parameters: parameters that are not to have their default values.
        seed: the seed of random steps.
    """
    from models.stepper.notebook import open_stepping  # noqa: PLC0415

    return open_stepping(what, parameters, seed)
