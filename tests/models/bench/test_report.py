"""What was measured, as JSON and as tables."""

import json
from io import StringIO

from pyrsistent import pmap
from rich.console import Console

from models.bench.figures import Figures
from models.bench.measured import Bench, Comparison, Measured, Subject
from models.bench.report import report
from models.bench.table import reasons, show
from models.bench.task import Tool

SEARCH = Figures(20_000, 90_000, 100_000, complete=True, seconds=0.5, bytes=3_000_000)
WALKS = Figures(700, 3_000, 4_000, complete=False, seconds=0.25, bytes=9)
NAIVE = Figures(20_000, 90_000, 100_000, complete=True, seconds=25.0, bytes=8_000_000)
MUSIL = Figures(20_000, None, None, complete=True, seconds=2.0, bytes=4_000_000)
AGAINST = (
    Comparison(Tool.NAIVE, NAIVE, 50.0, None),
    Comparison(Tool.MUSIL, MUSIL, 4.0, None),
)
SUBJECT = Subject("ordering", pmap({"keys": 2, "transactions": 3}))
BENCH = Bench(
    "1.2.3",
    "3.11.7",
    "x86_64 Linux",
    2,
    3,
    (
        Measured(SUBJECT, SEARCH, SEARCH, WALKS, AGAINST),
        Measured(
            Subject("voting", pmap()),
            SEARCH,
            SEARCH,
            WALKS,
            (Comparison(Tool.MUSIL, None, None, "it is not there"),),
        ),
        Measured(Subject("ycsb", pmap()), None, None, WALKS, ()),
    ),
)


def test_the_report_says_everything() -> None:
    told = json.loads(json.dumps(report(BENCH)))
    models = told.pop("models")
    assert told == {
        "treadle": "1.2.3",
        "python": "3.11.7",
        "machine": "x86_64 Linux",
        "processors": 2,
        "repeat": 3,
    }
    search = {
        "states": 20_000,
        "transitions": 90_000,
        "complete": True,
        "seconds": 0.5,
        "states_per_second": 40_000.0,
        "transitions_per_second": 180_000.0,
        "steps_per_second": 200_000.0,
        "bytes": 3_000_000,
        "bytes_per_state": 150.0,
    }
    assert (models[0]["model"], models[0]["parameters"]) == (
        "ordering",
        {"keys": 2, "transactions": 3},
    )
    assert (models[0]["search"], models[0]["verdict"]) == (search, search)
    assert models[0]["walks"]["bytes_per_state"] is None
    assert [(each["tool"], each["factor"], each["why"]) for each in models[0]["against"]] == [
        ("naive", 50.0, None),
        ("musil", 4.0, None),
    ]
    assert models[0]["against"][1]["figures"]["transitions_per_second"] is None
    assert models[1]["against"] == [
        {"tool": "musil", "figures": None, "factor": None, "why": "it is not there"}
    ]
    assert (models[2]["search"], models[2]["verdict"], models[2]["against"]) == (None, None, [])


def test_tables_show_what_there_is() -> None:
    out = StringIO()
    show(BENCH, Console(file=out, width=100, markup=False, highlight=False, emoji=False))
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert lines[0][:3] == ["Treadle", "1.2.3,", "Python"]
    ordering = ["ordering", "keys=2", "transactions=3"]
    assert [*ordering, "20,000", "90,000", "0.50", "0.50", "150"] in lines
    assert [*ordering, "40,000", "180,000", "40,000", "16,000"] in lines
    assert [*ordering, "naive", "25.00", "800", "50"] in lines
    assert [*ordering, "musil", "2.00", "10,000", "4"] in lines
    assert ["ycsb", *"-----"] in lines
    assert ["Not", "compared", "with", "musil:", "voting:", "it", "is", "not", "there."] in lines


def test_each_reason_is_given_once_with_all_models() -> None:
    why = "it is not there"
    models = tuple(
        Measured(
            Subject(name, pmap()), SEARCH, SEARCH, WALKS, (Comparison(Tool.MUSIL, None, None, why),)
        )
        for name in ("a", "b")
    )
    bench = Bench("1", "3", "m", 1, 1, models)
    assert reasons(bench) == ("Not compared with musil: a, b: it is not there.",)
