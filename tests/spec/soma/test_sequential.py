"""The order that versions give, and what comes of executing one at a time in it."""

import pytest
from pyrsistent import pmap

from spec.anoma.arithmetic import ArithmeticOperator
from spec.anoma.instructions import Arithmetic, Fail, Instruction, Number, Read, Text, Write
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.object import ObjectId, ObjectKey, Objects, Version
from spec.soma.sequential import in_order, one_at_a_time, unproduced

INCREMENT: tuple[Instruction, ...] = (
    *(Text("x"), Text("x"), Read(), Number(1)),
    *(Arithmetic(ArithmeticOperator.ADD), Write()),
)


def key(text: str) -> ObjectKey:
    """The version that a text such as "x2" names."""
    return ObjectKey(ObjectId(text[0]), Version(int(text[1:])))


def certificate(
    digest: str, inputs: str, outputs: str, program: tuple[Instruction, ...] = ()
) -> Certificate:
    """A certificate on inputs such as "x1 y2", with outputs such as "x z"."""
    return Certificate(
        TransactionDigest(digest),
        FIRST_EPOCH,
        frozenset(key(each) for each in inputs.split()),
        frozenset(ObjectId(each) for each in outputs.split()),
        Program(program),
    )


def order(*certificates: Certificate, missing: str = "") -> str | None:
    """The digests in the order that versions give, where x and y are there in version 1."""
    found = in_order(certificates, THERE, frozenset(key(each) for each in missing.split()))
    return None if found is None else "".join(each.digest for each in found)


THERE: Objects = pmap({key("x1"): KVSDatum(10), key("y1"): KVSDatum(20)})


def test_who_names_a_version_comes_after_who_makes_it() -> None:
    assert order(certificate("b", "x2", "x"), certificate("a", "x1", "x")) == "ab"


def test_who_reads_a_version_comes_before_who_makes_the_next_one() -> None:
    assert order(certificate("b", "x1", "x"), certificate("a", "x1", "")) == "ab"


def test_of_all_that_may_be_next_the_one_that_stands_first_is() -> None:
    assert order(certificate("b", "y1", "y"), certificate("a", "x1", "x")) == "ba"


def test_who_names_an_object_comes_after_who_creates_it() -> None:
    assert order(certificate("b", "z1", "z"), certificate("a", "", "z")) == "ab"


@pytest.mark.parametrize(
    "certificates",
    [
        (certificate("a", "x1", "x"), certificate("b", "x1", "x")),
        (certificate("a", "", "z"), certificate("b", "", "z")),
        (certificate("a", "", "x"),),
        (certificate("a", "x2 y1", "y"), certificate("b", "x1 y2", "x")),
        (
            certificate("a", "x1", "x"),
            certificate("b", "x2 y1", "x y"),
            certificate("c", "x1 y2", ""),
        ),
        (certificate("a", "x2", ""),),
    ],
    ids=["same-version", "created-twice", "exists", "cycle", "stale", "unproduced"],
)
def test_where_versions_contradict_each_other_there_is_no_order(
    certificates: tuple[Certificate, ...],
) -> None:
    assert order(*certificates) is None


def test_for_what_is_known_to_be_missing_nobody_waits() -> None:
    assert order(certificate("a", "z7", "z"), certificate("b", "z8", ""), missing="z7") == "ab"


def test_what_nobody_makes_and_is_not_there_is_found() -> None:
    certificates = (certificate("a", "x1 z7", "x"), certificate("b", "x2 y3", ""))
    assert unproduced(certificates, THERE) == (key("y3"), key("z7"))


def test_what_is_created_is_made() -> None:
    creates, names = certificate("a", "", "z"), certificate("b", "z1", "z")
    assert unproduced((creates, names), THERE) == ()


def test_one_after_the_other_finds_what_the_one_before_has_left() -> None:
    first, second = certificate("a", "x1", "x", INCREMENT), certificate("b", "x2", "x", INCREMENT)
    effects = one_at_a_time((first, second), THERE)
    assert {digest: effects[digest].written for digest in effects} == {
        first.digest: pmap({key("x2"): KVSDatum(11)}),
        second.digest: pmap({key("x3"): KVSDatum(12)}),
    }


def test_whose_inputs_are_not_there_does_nothing_and_neither_do_those_who_follow() -> None:
    failing = certificate("a", "x1", "x z", (Text("no"), Fail()))
    lost, late = certificate("b", "z1", "z"), certificate("c", "z2", "")
    assert set(one_at_a_time((failing, lost, late), THERE)) == {failing.digest}
