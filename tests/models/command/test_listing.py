"""The verbs that list what there is."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models.catalogue import CATALOGUE
from models.command.listing import CLAUSES, ROOT, listed_properties, place_of
from spec.anoma.shard.behaviour import AnswerReads
from spec.formalism.rule import statement

Run = Callable[..., tuple[int, str, str]]


def test_models_are_listed_with_what_may_be_set(treadle: Run) -> None:
    code, out, _ = treadle("models", "--json")
    found = json.loads(out)
    assert code == 0
    assert [each["name"] for each in found] == [model.name for model in CATALOGUE]
    (pool,) = (each for each in found if each["name"] == "pool")
    assert list(pool) == ["name", "system", "sentence", "parameters", "walks", "breaks"]
    assert (pool["system"], pool["breaks"]) == ("anoma", "every transaction finished")
    (delivery,) = (each for each in pool["parameters"] if each["name"] == "delivery")
    assert delivery == {
        "name": "delivery",
        "sentence": "in which order a mailbox delivers",
        "default": "unordered",
        "values": "unordered or fifo",
    }


@pytest.mark.parametrize(
    ("verb", "names"),
    [
        ("models", [model.name for model in CATALOGUE]),
        ("properties", [each.property.rule for each in listed_properties()]),
        ("rules", [clause.id for clause in CLAUSES]),
    ],
)
def test_lists_fit_a_narrow_terminal(verb: str, names: list[str], treadle: Run) -> None:
    code, out, err = treadle(verb)
    assert (code, err) == (0, "")
    words = set(out.split())
    assert [name for name in names if name not in words] == []
    assert max(map(len, out.splitlines())) <= 80


def test_properties_are_listed_once_with_their_models(treadle: Run) -> None:
    code, out, _ = treadle("properties", "--json")
    found = json.loads(out)
    assert code == 0
    names = [each["name"] for each in found]
    assert len(set(names)) == len(names)
    (serializable,) = (each for each in found if each["name"] == "history is serializable")
    assert serializable["models"] == [each.name for each in CATALOGUE if each.system == "anoma"]
    assert (serializable["rule"], serializable["kind"]) == ("anoma.serializable", "always")


def test_rules_are_listed_with_all_that_stands_on_their_pages(treadle: Run) -> None:
    code, out, _ = treadle("rules", "--json")
    found = {each["id"]: each for each in json.loads(out)}
    assert code == 0
    assert list(found) == [clause.id for clause in CLAUSES]
    answer, react = found["shard.answer-read"], found["engine.react"]
    assert answer["statement"] == statement(AnswerReads)
    assert answer["place"] == place_of(AnswerReads)
    assert answer["guard"] == place_of(AnswerReads, "guard")
    assert (react["guard"], react["action"]) == (None, None)


def test_every_property_names_a_rule_that_is_listed() -> None:
    ids = {clause.id for clause in CLAUSES}
    assert {each.property.rule for each in listed_properties()} <= ids


def test_a_place_is_where_the_code_stands() -> None:
    file, _, line = place_of(AnswerReads, "action").rpartition(":")
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    at = int(line) - 1
    assert [text.strip() for text in lines[at : at + 2]] == ["@staticmethod", "def action("]
    assert Path(file).parts[0] == "spec"


def test_a_rule_is_printed_with_its_statement_and_where_it_stands(treadle: Run) -> None:
    code, out, _ = treadle("rule", "shard.answer-read")
    lines = out.splitlines()
    assert (code, lines[0]) == (0, "shard.answer-read (version 1)")
    assert " ".join(statement(AnswerReads).split()) in " ".join(out.split())
    assert f"action      {place_of(AnswerReads, 'action')}" in lines
    assert "property    reads see the latest earlier write" in lines
    assert max(map(len, lines)) <= 80


def test_a_rule_is_printed_as_json_with_its_properties(treadle: Run) -> None:
    code, out, _ = treadle("rule", "system.rest", "--json")
    found = json.loads(out)
    assert (code, found["id"], found["properties"]) == (0, "system.rest", [])
    code, out, _ = treadle("rule", "anoma.serializable", "--json")
    assert "history is serializable" in json.loads(out)["properties"]


@pytest.mark.parametrize(
    ("rule", "hint"),
    [("shard.anser-read", "did you mean shard.answer-read"), ("\nx\x1bz", "see treadle rules")],
)
def test_an_unknown_rule_is_refused_in_one_line(rule: str, hint: str, treadle: Run) -> None:
    code, out, err = treadle("rule", rule)
    shown = rule.strip().replace("\x1b", "\\x1b")
    assert (code, out) == (2, "")
    assert err.startswith(f"treadle: error: {shown}: no such rule; {hint}")
    assert err.count("\n") == 1
