"""Nock formulas as programs: what they are fed, what they ask for, how they fail."""

import pytest

from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.nockma import EXIT, Nockma, NockmaState
from spec.anoma.noun import NounText
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    Failure,
    FailureKind,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Start,
    WriteRequest,
)

A, B, C = KVSKey("a"), KVSKey("b"), KVSKey("c")
PLENTY = 10_000

# The subject is [state key value]. ADD is the sum of the tail of the state and the value: a core
# [loop [count sum] subject] that counts to the value.
LOOP = "[6 [5 [0 12] 0 31] [0 13] 9 2 10 [6 [4 0 12] 4 0 13] 0 1]"
ADD = f"[8 [[1 0] 0 5] 8 [1 {LOOP}] 9 2 0 1]"
FINISH = f"[[1 {EXIT}] [[1 99] {ADD}] 1 0]"
REMEMBER = "[[[1 2] 0 7] 1 0]"


def sum_to_c(first: str) -> str:
    """Add two values and write key c: `first` when started, then remember, then finish."""
    return f"[6 [3 0 2] {FINISH} 6 [0 2] [1 {first}] {REMEMBER}]"


def start(*keys: KVSKey) -> Start:
    return Start(keys)


def value(key: KVSKey, datum: int) -> ReadValue:
    return ReadValue(key, KVSDatum(datum))


def failed(text: str, *outputs: Output) -> Aborted:
    return Aborted(Failure(FailureKind.FAIL, text), outputs)


def one_step(formula: str, given: Input, gas: int = PLENTY) -> Advanced[NockmaState] | Aborted:
    """What a program does with its first input."""
    program = Nockma(formula, gas)
    return program.execute_step(program.starting_state(), given)


def drive(
    program: Nockma, keys: tuple[KVSKey, ...], store: dict[KVSKey, int]
) -> tuple[NockmaState, list[KVSKey], list[Output]]:
    """Run a program that does not fail as an executor would: its end, its reads, its outputs."""
    step = program.execute_step(program.starting_state(), Start(keys))
    reads: list[KVSKey] = []
    outputs: list[Output] = []
    while True:
        assert isinstance(step, Advanced)
        outputs += step.outputs
        key = program.awaits(step.state)
        if key is None:
            return step.state, reads, outputs
        reads.append(key)
        step = program.execute_step(step.state, value(key, store[key]))


EXITED = NockmaState(NounText(str(EXIT)), 0)


def test_a_program_adds_two_eager_keys_and_writes_the_sum() -> None:
    program = Nockma(sum_to_c("[1 0]"), PLENTY)
    end, reads, outputs = drive(program, (A, B), {A: 30, B: 12})
    assert (end, reads, outputs) == (EXITED, [A, B], [WriteRequest(C, KVSDatum(42))])
    assert program.halted(end)


def test_a_program_adds_two_keys_that_it_asks_for_in_its_own_order() -> None:
    program = Nockma(sum_to_c("[1 98 97 0]"), PLENTY)
    end, reads, outputs = drive(program, (), {A: 30, B: 12})
    assert (end, reads) == (EXITED, [B, A])
    assert outputs == [ReadRequest(B), ReadRequest(A), WriteRequest(C, KVSDatum(42))]


def test_eager_keys_come_before_requested_ones() -> None:
    step = one_step("[1 7 99 0]", start(A, B))
    assert isinstance(step, Advanced)
    assert step.state.waiting == (A, B, C)
    assert step.outputs == (ReadRequest(C),)


def test_a_key_asked_for_twice_comes_twice() -> None:
    step = one_step("[1 7 97 97 0]", start())
    assert isinstance(step, Advanced)
    assert step.state.waiting == (A, A)


def test_the_starting_state_is_zero_with_all_the_gas() -> None:
    program = Nockma("[0 1]", 5)
    assert program.starting_state() == NockmaState(NounText("0"), 5, ())
    assert not program.halted(program.starting_state())
    assert program.awaits(program.starting_state()) is None


def test_a_start_shows_the_list_of_eager_keys() -> None:
    # keep the whole subject as the state: [[state key value] 0]; 2 gas for the cell's halves
    step = one_step("[[0 1] 1 0]", start(A, B))
    kept = NockmaState(NounText("[0 0 97 98 0]"), PLENTY - 2 - 5, (A, B))
    assert step == Advanced(kept, ())


def test_a_start_without_eager_keys_shows_zeros() -> None:
    step = one_step("[[0 1] 1 0]", start())
    assert step == Advanced(NockmaState(NounText("[0 0 0]"), PLENTY - 2 - 3), ())


def test_a_value_is_shown_with_its_key_and_the_state() -> None:
    program = Nockma("[[0 1] 1 0]", PLENTY)
    step = program.execute_step(NockmaState(NounText("[4 5]"), 100, (A, B)), value(A, 6))
    assert step == Advanced(NockmaState(NounText("[[4 5] 97 6]"), 100 - 2 - 4, (B,)), ())


def test_requests_come_out_in_the_order_of_the_list() -> None:
    step = one_step("[1 7 98 [97 5] 99 [97 6] 0]", start())
    assert isinstance(step, Advanced)
    assert step.outputs == (
        ReadRequest(B),
        WriteRequest(A, KVSDatum(5)),
        ReadRequest(C),
        WriteRequest(A, KVSDatum(6)),
    )


def test_a_program_without_reads_halts_on_its_start() -> None:
    step = one_step(f"[1 {EXIT} [97 5] 0]", start())
    assert step == Advanced(EXITED, (WriteRequest(A, KVSDatum(5)),))


def test_a_halted_program_waits_for_nothing_but_shows_what_it_asked_for() -> None:
    assert one_step(f"[1 {EXIT} 98 0]", start(A)) == Advanced(EXITED, (ReadRequest(B),))


def test_a_program_that_asks_for_nothing_more_and_does_not_halt_is_stuck() -> None:
    program = Nockma("[1 7 0]", PLENTY)
    step = program.execute_step(program.starting_state(), start())
    assert isinstance(step, Advanced)
    assert program.awaits(step.state) is None
    assert not program.halted(step.state)


@pytest.mark.parametrize(
    ("formula", "failure"),
    [
        ("[0 0]", failed("nock: no noun at the axis")),
        ("[4 0 1]", failed("nock: increment of a cell")),
        ("[12 [1 0] [1 97] 0 1]", failed("nock: nothing to scry")),
        ("[1 7]", failed("nock: the result is not [state requests]")),
        ("[1 7 1]", failed("nock: the requests do not end in 0")),
        ("[1 7 97 1]", failed("nock: the requests do not end in 0", ReadRequest(A))),
        ("[1 7 97 255 98 0]", failed("nock: malformed request", ReadRequest(A))),
        ("[1 7 [255 1] 0]", failed("nock: malformed request")),
        ("[1 7 [[97 1] 1] 0]", failed("nock: malformed request")),
        ("[1 7 [97 1 2] 0]", failed("nock: malformed request")),
        (
            f"[1 {EXIT} [97 1] [97 1 2] 0]",
            failed("nock: malformed request", WriteRequest(A, KVSDatum(1))),
        ),
    ],
)
def test_a_crash_or_a_malformed_result_is_a_failure(formula: str, failure: Aborted) -> None:
    assert one_step(formula, start()) == failure


def test_a_negative_value_is_a_failure() -> None:
    program = Nockma("[1 7 0]", PLENTY)
    waiting = NockmaState(NounText("7"), PLENTY, (A,))
    step = program.execute_step(waiting, value(A, -1))
    assert step == failed("nock: the value of a is negative")
    assert isinstance(program.execute_step(waiting, value(A, 0)), Advanced)


def test_a_key_that_is_no_cord_is_a_failure() -> None:
    odd = KVSKey("a\0")
    program = Nockma("[1 7 0]", PLENTY)
    assert one_step("[1 7 0]", start(A, odd)) == failed("nock: a key is not a cord")
    waiting = NockmaState(NounText("7"), PLENTY, (odd,))
    assert program.execute_step(waiting, value(odd, 1)) == failed("nock: a key is not a cord")


def test_a_value_that_it_does_not_wait_for_is_a_failure() -> None:
    program = Nockma("[1 7 0]", PLENTY)
    complaint = failed("nock: a value that it does not wait for")
    waiting = NockmaState(NounText("7"), PLENTY, (A, B))
    assert program.execute_step(waiting, value(B, 1)) == complaint
    assert program.execute_step(EXITED, value(A, 1)) == complaint


def test_gas_is_for_the_whole_transaction() -> None:
    out_of_gas = Aborted(Failure(FailureKind.OUT_OF_GAS))
    program = Nockma("[1 7 97 0]", 5)  # 1 for the constant and 2 for its cells, at each input
    after = NockmaState(NounText("7"), 2, (A,))
    first = program.execute_step(program.starting_state(), start())
    assert first == Advanced(after, (ReadRequest(A),))
    assert program.execute_step(after, value(A, 1)) == out_of_gas
    assert one_step("[1 7 97 0]", start(), 0) == out_of_gas


def test_a_program_may_halt_on_its_last_gas() -> None:
    assert one_step(f"[1 {EXIT} 0]", start(), 2) == Advanced(EXITED, ())
    assert one_step(f"[1 {EXIT} 0]", start(), 1) == Aborted(Failure(FailureKind.OUT_OF_GAS))


def test_a_state_that_sharing_made_huge_is_paid_for() -> None:
    double = "[0 1]"
    for _ in range(40):
        double = f"[7 {double} [0 1] 0 1]"
    step = one_step(f"[{double} 1 0]", start(), PLENTY)
    assert step == Aborted(Failure(FailureKind.OUT_OF_GAS))


def test_a_deep_state_is_kept_and_compared() -> None:
    depth = 50_000
    deep = "[" * depth + "0" + " 1]" * depth
    step = one_step(f"[[1 {deep}] 1 0]", start(), 10 * depth)
    assert step == Advanced(NockmaState(NounText(deep), 10 * depth - 2 - depth - 1), ())
    assert hash(step) == hash(one_step(f"[[1 {deep}] 1 0]", start(), 10 * depth))


def test_programs_with_the_same_formula_are_equal_however_it_is_written() -> None:
    assert Nockma(" [1 [7 0]]", 5) == Nockma("[0x1 7 0]", 5)
    assert Nockma("[1 7 0]", 5) != Nockma("[1 7 0]", 6)


def test_a_formula_that_is_no_noun_is_refused() -> None:
    with pytest.raises(ValueError, match="column 5: expected one noun"):
        Nockma("[1 7 ", 5)
