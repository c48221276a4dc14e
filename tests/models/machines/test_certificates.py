"""Small random worlds of Soma's engines, each searched as far as a bound allows: nothing is broken."""

import pytest
from hypothesis import HealthCheck, given, settings

from models.machines.certificates import CREATED, certificate_texts, world_in
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.result import Status

pytestmark = pytest.mark.random

SMALL = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""To search a world takes longer than most examples do."""

FAR = Bounds(max_states=1_500)
"""How far each world is searched."""


@SMALL
@given(certificate_texts())
def test_nothing_is_broken_in_any_world_and_what_is_claimed_happens(text: str) -> None:
    result = explore(world_in(text), FAR, frozenset())
    wrong = (Status.VIOLATED, Status.UNSEEN)
    assert [each.property.name for each in result.properties if each.status in wrong] == []
    assert len(result.properties) > 40


def test_drawn_files_have_everything_that_files_about_soma_may_have() -> None:
    seen: list[str] = []

    @settings(SMALL, max_examples=100, derandomize=True, database=None)
    @given(certificate_texts())
    def collect(text: str) -> None:
        seen.append(text)

    collect()
    wanted = (
        *('delivery = "unordered"', "limit = 3", "epochs = 2", "closes = true", "crashes = 1"),
        *("duplicates = 1", "synced = true", "epoch = 2", 'fail(\\"no\\")', f'"{CREATED}"'),
    )
    assert [words for words in wanted if not any(words in text for text in seen)] == []
