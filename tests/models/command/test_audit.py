"""`treadle audit`: what it prints, and how it exits."""

import json
from typing import Any

import pytest
from attrs import evolve

from models.command import audit as command
from models.twins.catalogue import twin_named
from models.twins.redundancy import KEPT
from models.twins.twin import Twin

NAME = "mark-overwritten"


def named(name: str) -> Twin:
    twin = twin_named(name)
    assert twin is not None
    return twin


def test_a_twin_is_shown_with_its_run_and_what_the_reference_says(treadle: Any) -> None:
    code, out, err = treadle("audit", NAME)
    assert (code, err) == (0, "")
    assert out.startswith("mark-overwritten (published; marks)\n")
    assert "shard.update-mark says instead: A worker's mark is the highest" in out
    assert "Audit: falls\n" in out
    assert "mark-overwritten: fails as it must" in out
    assert "The shortest run that shows it, 9 steps:" in out
    assert "Broken: marks never fall (always, rule shard.update-mark)" in out


def test_a_twin_by_which_something_never_happens_is_shown_without_a_run(treadle: Any) -> None:
    code, out, _ = treadle("audit", "lazy-reads-become-eager")
    assert code == 0
    assert "Never happens: a lazy read is served" in out


def test_a_name_that_no_twin_has_is_refused(treadle: Any) -> None:
    code, out, err = treadle("audit", "mark-overwriten")
    assert (code, out) == (2, "")
    assert err.startswith("treadle: error: mark-overwriten: no such twin; did you mean mark-over")
    assert treadle("audit", "zzz") == (
        2,
        "",
        "treadle: error: zzz: no such twin; see treadle audit\n",
    )


def test_one_twin_as_json(treadle: Any) -> None:
    code, out, _ = treadle("audit", NAME, "--json")
    found = json.loads(out)
    assert code == 0
    assert len(found.pop("trace")) == 9
    assert found == {
        "twin": NAME,
        "kind": "published",
        "defect": "marks",
        "sentence": "The mark is whatever arrived last, and falls when messages overtake each other.",
        "rule": "shard.update-mark",
        "passage": "NSPEC: shard_behaviour: updateSeenAllAction, heardAllWrites",
        "stage": "two-increments",
        "delivery": "unordered",
        "needs": "reordering",
        "beside": [],
        "hidden_by": [],
        "breaks": "marks never fall",
        "length": 9,
        "known_length": 9,
        "verdict": "falls",
        "also": [
            {"name": "every transaction finished", "length": 16},
            {"name": "no lock, read or message is pending", "length": 16},
            {"name": "outcome independent of the schedule", "length": 19},
        ],
        "complete": True,
    }


def test_all_twins_make_one_table(treadle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "TWINS", (named(NAME), named("certificate-forgotten")))
    code, out, err = treadle("audit")
    assert (code, err) == (0, "")
    assert NAME in out
    assert "2 twins, 1 of the published text, 1 slips: all fall as named." in out


def test_a_redundant_property_without_a_reason_fails_the_audit(
    treadle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = named("early-certificate-dropped")
    assert twin.breaks not in KEPT
    monkeypatch.setattr(command, "TWINS", (named("certificate-refused-in-silence"),))
    code, out, _ = treadle("audit")
    assert code == 12
    assert "all fall as named" in out
    assert f"{twin.breaks}: kept without a reason" in out


def test_a_survivor_fails_the_audit(treadle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    survivor = evolve(named(NAME), wrong=evolve(named(NAME).wrong, change=lambda system: system))
    monkeypatch.setattr(command, "TWINS", (survivor,))
    code, out, _ = treadle("audit")
    assert code == 12
    assert "1 do not fall as named" in out
    assert f"{NAME}: survives\n" in out


def test_a_changed_length_fails_the_audit(treadle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "TWINS", (evolve(named(NAME), length=8),))
    code, out, _ = treadle("audit")
    assert code == 12
    assert "9 (was 8)" in out


def test_all_twins_as_json(treadle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "TWINS", (named(NAME),))
    code, out, _ = treadle("audit", "--json")
    found = json.loads(out)
    assert code == 0
    assert [each["twin"] for each in found["twins"]] == [NAME]
    assert {each["name"]: each["named"] for each in found["properties"]}["marks never fall"] == [
        NAME
    ]
    assert {each["kind"] for each in found["suspected"]} == {"published", "slip"}
