"""What comes to nothing, and why."""

from models.catalogue.failing import FAULTS, MALFORMED, START
from spec.anoma.label import LabelFault, fault_of
from spec.anoma.sequential import sequential


def test_every_fault_has_its_reason_and_writes_nothing() -> None:
    runs = {name: sequential((each.candidate,), START) for name, each in FAULTS.items()}
    assert {name: str(run.summaries[0].failure) for name, run in runs.items()} == {
        "fail": "fail: never mind",
        "divide": "division-by-zero",
        "unset": "unset-name nobody",
        "stray-read": "undeclared-read elsewhere",
        "stray-write": "undeclared-write counter",
        "empty": "None",
    }
    assert {run.store for run in runs.values()} == {sequential((), START).store}


def test_the_malformed_label_is_refused() -> None:
    assert fault_of(MALFORMED.candidate.label) is LabelFault.READS_OVERLAP
