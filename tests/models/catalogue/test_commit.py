"""Two-phase commit over any number of resource managers, in every discipline."""

import pytest

from models.catalogue.commit import DISCIPLINE_OF, TWO_PHASE_COMMIT
from models.search.exhaustive import explore
from models.search.result import Status


@pytest.mark.parametrize("delivery", sorted(DISCIPLINE_OF))
@pytest.mark.parametrize("managers", [1, 2, 4])
def test_all_of_it_holds_and_everything_of_interest_happens(managers: int, delivery: str) -> None:
    options = {"resource_managers": managers, "delivery": delivery}
    result = explore(TWO_PHASE_COMMIT.build(options))
    assert {each.status for each in result.properties} == {Status.HOLDS}
    assert result.coverage.never == ()


def test_a_state_at_rest_tells_of_each_whether_it_had_prepared_and_was_heard() -> None:
    """All have committed; or each has aborted unprepared, prepared and heard, or unheard."""
    result = explore(TWO_PHASE_COMMIT.build({"resource_managers": 3, "delivery": "set"}))
    assert len(result.resting) == 1 + 3**3
