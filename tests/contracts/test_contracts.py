"""The short part of the contracts, and what the rest of them is judged by."""

import time

import pytest

from tests.contracts import __main__ as command
from tests.contracts import table
from tests.contracts.analysis import Verdict, analysed, analysis_of, analysis_of_broken
from tests.contracts.child import Limits, NoAnswer, asked, outcome
from tests.contracts.contract import Contract
from tests.contracts.register import CONTRACTS, contract_of

# What CrossHair runs here, it runs thousands of times with values that are none.
pytestmark = pytest.mark.no_cover

SHORT = [each for each in CONTRACTS if each.short]
MANY = 2_000
"""Several times the paths that the contracts of the short part have: no clock stops an analysis."""


def name(contract: Contract) -> str:
    return contract.name


@pytest.mark.parametrize("contract", SHORT, ids=name)
def test_a_contract_of_the_short_part_is_confirmed(contract: Contract) -> None:
    found = analysis_of(contract, MANY)
    assert (found.verdict, found.example) == (Verdict.CONFIRMED, "")


@pytest.mark.parametrize("contract", SHORT, ids=name)
def test_a_contract_of_the_short_part_refutes_the_wrong_version(contract: Contract) -> None:
    found = analysis_of_broken(contract, MANY)
    assert found.verdict is Verdict.REFUTED
    assert f"when calling {contract.claim.__name__}(" in found.example


def test_the_table_has_every_contract_as_confirmed_for_the_function_and_bound_it_names() -> None:
    recorded = [(row.claim, row.subject, row.bound, row.verdict) for row in table.read()]
    assert recorded == [
        (each.sentence, each.subject, each.bound, "confirmed") for each in CONTRACTS
    ]


def test_every_contract_is_about_a_function_of_the_specification() -> None:
    assert [each.name for each in CONTRACTS if not each.subject.startswith("spec.")] == []


def test_the_wrong_version_is_taken_back() -> None:
    contract = contract_of("marks.the_mark_never_falls")
    with contract.with_broken_core():
        assert contract.subject.endswith("seen_below_the_newest_outstanding")
    assert contract.subject == "spec.anoma.worker.environment.seen_all"


def test_an_analysis_that_runs_out_of_paths_confirms_nothing() -> None:
    contract = contract_of("marks.the_mark_never_falls")
    found = analysis_of(contract, paths=5)
    assert (found.verdict, found.paths) == (Verdict.NOT_CONFIRMED, 5)


def test_an_analysis_takes_the_same_paths_every_time() -> None:
    contract = contract_of("soma.only_the_next_epoch_is_awaited")
    assert analysis_of(contract).paths == analysis_of(contract).paths


def divides(number: int) -> None:
    assert number >= 0
    assert 7 // number >= 0


def assumes_nothing(number: int) -> None:
    claimed = number == number + 0
    assert claimed


def test_a_claim_that_breaks_down_is_not_taken_for_refuted() -> None:
    found = analysed(divides, MANY)
    assert found.verdict is Verdict.RAISES
    assert found.example.startswith("ZeroDivisionError")


def test_what_crosshair_takes_for_no_claim_is_named() -> None:
    with pytest.raises(ValueError, match="assumes_nothing: expected an assert at the beginning"):
        analysed(assumes_nothing, MANY)


ROW = table.Row("marks: a", "spec.a", "3 marks", "confirmed", "12")


@pytest.mark.parametrize(
    ("recorded", "wrong"),
    [
        (ROW, None),
        (table.Row("marks: a", "spec.a", "3 marks", "confirmed", "99"), None),
        (None, "is not recorded"),
        (
            table.Row("marks: a", "spec.a", "3 marks", "refuted", "12"),
            "was recorded as refuted, and is confirmed",
        ),
        (
            table.Row("marks: a", "spec.b", "3 marks", "confirmed", "12"),
            "was recorded for another function or bound",
        ),
        (
            table.Row("marks: a", "spec.a", "4 marks", "confirmed", "12"),
            "was recorded for another function or bound",
        ),
    ],
)
def test_a_contract_is_compared_with_what_was_recorded(
    recorded: table.Row | None, wrong: str | None
) -> None:
    assert table.complaint(recorded, ROW) == wrong


def test_the_command_runs_one_contract_and_compares_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--total", "36000", "arithmetic.comparisons_fit_together"]) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first == "confirmed     spec.anoma.arithmetic.compare"


def test_a_contract_without_time_fails_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--total", "0", "arithmetic.comparisons_fit_together"]) == 1
    complaints = capsys.readouterr().out.partition("FAILED: ")[2]
    assert complaints == (
        "arithmetic.comparisons_fit_together was recorded as confirmed, and is timed out\n"
        "FAILED: arithmetic.comparisons_fit_together does not refute the wrong version, "
        "which is timed out\n"
    )


def test_a_process_that_takes_too_long_is_no_confirmation() -> None:
    contract = contract_of("timelines.a_read_sees_what_a_walk_down_the_timeline_finds")
    limits = Limits(each=1, end=time.monotonic() + 36000)
    assert {each.verdict for each in outcome(contract, limits)} == {Verdict.TIMED_OUT}


def test_a_process_that_breaks_down_is_no_confirmation() -> None:
    limits = Limits(each=180, end=time.monotonic() + 36000)
    assert asked("contract", "marks.nothing", limits) == NoAnswer(
        Verdict.RAISES, "KeyError: 'marks.nothing'"
    )


def test_a_name_that_no_contract_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["marks.nothing"]) == 2
    assert capsys.readouterr().err == "contracts: no contract is called marks.nothing\n"
