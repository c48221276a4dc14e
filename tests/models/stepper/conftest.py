"""Sessions to step in, and a twin that breaks something."""

import pytest

from models.stepper.opening import open_session
from models.stepper.session import Session


@pytest.fixture
def counter() -> Session:
    """Two transactions that add one to the same key, at the start."""
    return open_session("counter")


@pytest.fixture
def resting() -> Session:
    """The same at rest, after 20 steps."""
    session = open_session("counter", seed=3)
    session.random(1000)
    return session
