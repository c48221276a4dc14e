"""The schema in the manual is that of the classes, and what is written obeys it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from models.traces.codec import written
from models.traces.document import Trace
from models.traces.schema import schema

FILE = Path(__file__).parents[3] / "docs" / "reference" / "trace.schema.json"

TYPES: dict[str, type] = {"string": str, "integer": int, "array": list, "object": dict}


def obeys(value: Any, rule: dict[str, Any]) -> bool:
    """Whether a value is as a schema says, as far as this one uses the language."""
    if "anyOf" in rule:
        return any(obeys(value, each) for each in rule["anyOf"])
    if "const" in rule:
        return bool(value == rule["const"])
    if "enum" in rule:
        return value in rule["enum"]
    if rule["type"] == "null":
        return value is None
    kind: str = rule["type"]
    if type(value) is not TYPES[kind]:
        return False
    whole: Any = value
    if rule["type"] == "array":
        return all(obeys(item, rule["items"]) for item in whole)
    if rule["type"] == "object":
        return object_obeys(whole, rule)
    return re.search(rule.get("pattern", ""), str(value)) is not None


def object_obeys(value: dict[str, Any], rule: dict[str, Any]) -> bool:
    """Whether an object is as a schema says."""
    named, others = rule.get("properties", {}), rule["additionalProperties"]
    if not set(rule.get("required", ())) <= set(value):
        return False
    return all(
        obeys(value[key], named[key]) if key in named else others and obeys(value[key], others)
        for key in value
    )


def test_the_schema_in_the_manual_is_that_of_the_classes() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize("name", ["small", "violation"])
def test_what_is_written_obeys_it(name: str, request: pytest.FixtureRequest) -> None:
    trace: Trace = request.getfixturevalue(name)
    values = json.loads(written(trace))
    assert obeys(values, schema())
    for key in values:
        assert not obeys({**values, key: 0.5}, schema())
        assert not obeys({each: values[each] for each in values if each != key}, schema())
    assert not obeys({**values, "more": 1}, schema())
