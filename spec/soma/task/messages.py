"""The messages that tasks take from who breaks them, and send to the driver."""

from attrs import frozen

from spec.soma.channel import Place
from spec.soma.execution import ExecutionError


@frozen
class Crash:
    """To a task: it crashes, as far as it has got."""


@frozen
class TaskEnded:
    """To the driver: the task is over."""

    place: Place
    """The place that its certificate had in the channel."""
    error: ExecutionError | None
    """Why the certificate was not executed; nothing if it was."""


@frozen
class TaskCrashed:
    """To the driver: the task has crashed."""

    place: Place
    """The place that its certificate had in the channel."""
