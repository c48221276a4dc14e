"""How slips are put down."""

from functools import partial
from typing import Any

from models.twins.twin import Twin, TwinKind
from spec.formalism.environment import Environment
from spec.formalism.message import Message, Trigger, arrived

slip = partial(Twin, TwinKind.SLIP)
"""The twin of a slip."""


def anything(
    trigger: Trigger, _configuration: Any, _environment: Environment[Any]
) -> Message[Any] | None:
    """The guard that says yes to every message."""
    return arrived(trigger, object)
