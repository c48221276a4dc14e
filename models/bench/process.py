"""Tasks in processes of their own, so that no run warms up another one, or shares memory with it."""

import os
import subprocess
import sys
from pathlib import Path

from models.bench import worker
from models.bench.task import Run, Task

HOME = Path(worker.__file__).resolve().parents[2]
"""The folder in which the packages lie."""


class BenchError(Exception):
    """A run has failed."""


def perform_alone(task: Task) -> Run:
    """Do what a task says in a fresh process.

    Raises:
        BenchError: it has failed.
    """
    path = os.pathsep.join(filter(None, (str(HOME), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(  # noqa: S603  # our own code, and no shell
        [sys.executable, "-P", "-m", worker.__name__, worker.encoded(task)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise BenchError(f"{task.model}: {task.tool.value}: {last}")
    return worker.heard(done.stdout)
