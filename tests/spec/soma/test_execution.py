"""What the execution of a certificate comes to."""

import pytest
from pyrsistent import pmap

from spec.anoma.arithmetic import ArithmeticOperator
from spec.anoma.instructions import (
    Arithmetic,
    Drop,
    Fail,
    Instruction,
    Number,
    Read,
    Text,
    Write,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects, effects_of
from spec.soma.object import ObjectId, ObjectKey, Objects, Version

A = TransactionDigest("a")
EPOCH = EpochId(3)
X2, X3, Y1, Z1 = (
    ObjectKey(ObjectId(name), Version(number))
    for name, number in (("x", 2), ("x", 3), ("y", 1), ("z", 1))
)
INPUTS: Objects = pmap({X2: KVSDatum(10), Y1: KVSDatum(5)})
SUM: tuple[Instruction, ...] = (
    *(Text("x"), Text("x"), Read(), Text("y"), Read()),
    *(Arithmetic(ArithmeticOperator.ADD), Write()),
)


def done(program: tuple[Instruction, ...], outputs: frozenset[ObjectId]) -> Effects:
    certificate = Certificate(A, EPOCH, frozenset(INPUTS), outputs, Program(program))
    return effects_of(certificate, INPUTS)


def test_a_program_reads_its_inputs_and_writes_the_next_versions() -> None:
    effects = done(SUM, frozenset({X3.object}))
    assert effects == Effects(A, EPOCH, None, INPUTS, pmap({X3: KVSDatum(15)}))


def test_an_output_that_is_not_written_keeps_its_value_or_is_empty_if_it_is_new() -> None:
    effects = done((), frozenset({X3.object, Z1.object}))
    assert effects.written == pmap({X3: KVSDatum(10), Z1: KVSDatum(0)})


def test_a_program_that_fails_changes_no_value_and_creates_nothing() -> None:
    program = (Text("x"), Number(99), Write(), Text("no"), Fail())
    effects = done(program, frozenset({X3.object, Z1.object}))
    failure = Failure(FailureKind.FAIL, "no")
    assert effects == Effects(A, EPOCH, failure, INPUTS, pmap({X3: KVSDatum(10)}))


@pytest.mark.parametrize(
    ("program", "failure"),
    [
        ((Text("z"), Read(), Drop()), Failure(FailureKind.UNDECLARED_READ, "z")),
        ((Text("y"), Number(1), Write()), Failure(FailureKind.UNDECLARED_WRITE, "y")),
    ],
)
def test_a_program_that_touches_what_its_certificate_does_not_name_fails(
    program: tuple[Instruction, ...], failure: Failure
) -> None:
    assert done(program, frozenset({X3.object})).failure == failure
