"""Errors of traces: one line that says where and what, also in another process."""

import pickle

import pytest

from models.traces.codec import Wrong
from models.traces.errors import TraceError

ERRORS = [TraceError("f", "3:4", "w", "e"), Wrong("w", "e")]


def test_an_error_is_one_line_whatever_stands_in_it() -> None:
    error = TraceError("a\nb.json", "steps[0].rules", "x\x1b[1m\u2028", "y\ttab")
    assert str(error) == r"a\nb.json: steps[0].rules: x\x1b[1m\u2028; expected y\ttab"
    assert str(TraceError("f", "3:4", "w", "e")) == "f:3:4: w; expected e"
    assert str(TraceError("f", "", "w", "e")) == "f: w; expected e"


@pytest.mark.parametrize("error", ERRORS, ids=["TraceError", "Wrong"])
def test_an_error_survives_the_way_between_processes(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes
    assert (type(copy), vars(copy)) == (type(error), vars(error))


@pytest.mark.parametrize("error", ERRORS, ids=["TraceError", "Wrong"])
def test_an_error_survives_where_one_attribute_is_set_after_the_other(error: Exception) -> None:
    copy = Exception.__new__(type(error))
    for name, value in vars(error).items():
        setattr(copy, name, value)
    assert (repr(copy), vars(copy)) == (repr(error), vars(error))
