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
    monkeypatch.setattr(treadle_audit, "digest", lambda: "this")
    found = treadle_audit.findings(tmp_path)
    assert [(each.twin, each.falls, each.length) for each in found.values()] == [
        ("mark-overwritten", True, 9),
        ("lazy-reads-become-eager", True, 0),
    ]
    assert found["mark-overwritten"].evidence.endswith("fell from 2 to 1")
    assert found["mark-overwritten"].drawing.startswith("<svg")
    assert found["lazy-reads-become-eager"].drawing == ""
    assert found["mark-overwritten"].steps[-2].startswith("  9  shard.1 takes UpdateSeenAll(1)")
    monkeypatch.setattr(treadle_audit, "audit", no_audit)
    assert treadle_audit.findings(tmp_path) == found
    monkeypatch.setattr(treadle_audit, "digest", lambda: "another")
    with pytest.raises(AssertionError, match="audited again"):
        treadle_audit.findings(tmp_path)


def test_a_twin_that_does_not_fall_as_named_is_told(two: tuple[Twin, ...]) -> None:
    (longer,) = audit((evolve(two[0], length=8),))
    assert not treadle_audit.finding(longer).falls


@pytest.mark.parametrize(
    ("name", "stranger"),
    [("executor-id-without-node", "executor.1"), ("close-not-remembered", "operator")],
)
def test_who_is_no_engine_and_has_messages_is_drawn_too(name: str, stranger: str) -> None:
    twin = twin_named(name)
    assert twin is not None
    run = treadle_audit.shortest_run(twin)
    assert stranger in treadle_audit.drawing(run)


def test_other_code_has_another_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(treadle_audit, "ROOT", tmp_path)
    file = tmp_path / "spec" / "part" / "rule.py"
    file.parent.mkdir(parents=True)
    file.write_text("before", encoding="utf-8")
    before = treadle_audit.digest()
    assert treadle_audit.digest() == before
    file.write_text("after", encoding="utf-8")
    assert treadle_audit.digest() != before
