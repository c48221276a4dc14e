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

MODELS = Path(__file__).parent / "models"
"""Tests that drive the specification; what they run by the way shows nothing of how it is tested."""

TWINS = MODELS / "twins"
"""Broken rules, each of which a property must catch: these are tests of the properties."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the state machines as random, and count as coverage only what tests the specification."""
    for item in items:
        folders = item.path.parents
        if MODELS / "machines" in folders:
            item.add_marker(pytest.mark.random)
        if item.get_closest_marker("random") or (MODELS in folders and TWINS not in folders):
            item.add_marker(pytest.mark.no_cover)
