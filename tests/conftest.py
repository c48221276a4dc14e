"""Settings for all tests: Hypothesis profiles, and which tests count as coverage."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is must not decide whether a test passes: no profile has a deadline.
# Hypothesis has a profile `ci` of its own, and loads it where CI is set; ours replaces it.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=100,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=2000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("dev")

MACHINES = Path(__file__).parent / "models" / "machines"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the state machines as random, and keep what is random out of the coverage."""
    for item in items:
        if MACHINES in item.path.parents:
            item.add_marker(pytest.mark.random)
        if item.get_closest_marker("random"):
            item.add_marker(pytest.mark.no_cover)
