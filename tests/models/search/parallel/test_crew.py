"""What a helper was asked is asked again, but not of everybody; and nothing depends on what it did before."""

from typing import Any

import pytest

from models.catalogue import model_named
from models.search.bounds import Bounds
from models.search.parallel.assisted import Assisted
from models.search.parallel.crew import ATTEMPTS, Gone
from models.search.parallel.helper import Answer, Helper, Task
from models.search.progress import nobody


class Kept:
    """A helper that does nothing: what it is asked is kept."""

    def __init__(self) -> None:
        self.tasks: list[Any] = []

    def helpers(self) -> tuple[str, ...]:
        return ("helper",)

    def send(self, name: str, job: Any) -> None:  # noqa: ARG002  # the interface of all
        self.tasks.append(job)

    def receive(self, *, wait: bool) -> tuple[str, object] | None:
        return ("helper", Gone("it sleeps")) if wait else None

    def taken(self) -> int:
        return 0


def tasks() -> list[Task]:
    """What a helper is asked in a small search, in order."""
    model = model_named("ordering")
    assert model is not None
    world = model.build({each.name: each.default for each in model.parameters} | {"keys": 1})
    search, kept = Assisted(world, Bounds(), None, nobody), Kept()
    search.with_helpers(kept)
    search.run(lambda: None)
    return kept.tasks


@pytest.mark.usefixtures("small_parts")
def test_a_part_is_given_to_few_helpers_in_vain() -> None:
    parts = [each.part for each in tasks()]
    assert max(parts.count(each) for each in parts) == ATTEMPTS


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_comes_late_is_answered_as_if_it_were_alone() -> None:
    asked = tasks()
    first, helper = asked[0], Helper()
    told = [helper.help(first), helper.help(first)]
    sums = [
        [each.sums.tolist() for each in answer.reached]
        for answer in told
        if isinstance(answer, Answer)
    ]
    assert len(sums) == len(told)
    assert sums[0] == sums[1] != []
