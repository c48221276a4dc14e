"""What runs in the fresh process: a task comes in as an argument, what it took goes out as JSON."""

import json
import sys

from attrs import asdict
from pyrsistent import pmap

from models.bench.task import Run, Task, Tool, perform


def encoded(task: Task) -> str:
    """A task as an argument."""
    return json.dumps([task.tool.value, task.model, dict(task.parameters)])


def decoded(argument: str) -> Task:
    """The task that an argument is."""
    tool, model, parameters = json.loads(argument)
    return Task(Tool(tool), model, pmap(parameters))


def told(run: Run) -> str:
    """What a task took, as the process prints it."""
    return json.dumps(asdict(run))


def heard(printed: str) -> Run:
    """What a task took, as the process has printed it."""
    return Run(**json.loads(printed))


if __name__ == "__main__":
    sys.stdout.write(told(perform(decoded(sys.argv[1]))) + "\n")
