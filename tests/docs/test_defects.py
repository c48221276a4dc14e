"""The pages on published defects: what is kept of an audit, and what fails the build."""

import sys
from pathlib import Path

import pytest
from attrs import evolve

from docs.examples import DOCS
from models.twins.audit import Audited, audit
from models.twins.catalogue import twin_named
from models.twins.twin import Twin

sys.path.append(str(DOCS / "_extensions"))
import treadle_audit  # found through the line above

NAMES = ("mark-overwritten", "lazy-reads-become-eager")


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> tuple[Twin, ...]:
    """Only two defects, so that the audit is short."""
    found = tuple(twin for name in NAMES if (twin := twin_named(name)) is not None)
    monkeypatch.setattr(treadle_audit, "PUBLISHED", found)
    return found


def no_audit(_twins: tuple[Twin, ...]) -> tuple[Audited, ...]:
    raise AssertionError("audited again")


@pytest.mark.usefixtures("two")
def test_findings_are_kept_as_long_as_the_code_stays_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = treadle_audit.findings(tmp_path)
    assert [(each.twin, each.falls, each.length) for each in found.values()] == [
        ("mark-overwritten", True, 9),
        ("lazy-reads-become-eager", True, 0),
    ]
    assert found["mark-overwritten"].evidence.endswith("fell from 2 to 1")
    assert found["mark-overwritten"].steps[-2].startswith("  9  shard.1 takes UpdateSeenAll(1)")
    monkeypatch.setattr(treadle_audit, "audit", no_audit)
    assert treadle_audit.findings(tmp_path) == found
    monkeypatch.setattr(treadle_audit, "digest", lambda: "another")
    with pytest.raises(AssertionError, match="audited again"):
        treadle_audit.findings(tmp_path)


def test_a_twin_that_does_not_fall_as_named_is_told(two: tuple[Twin, ...]) -> None:
    (longer,) = audit((evolve(two[0], length=8),))
    assert not treadle_audit.finding(longer).falls
