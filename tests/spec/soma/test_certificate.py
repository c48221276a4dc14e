"""Which versions an execution makes."""

from spec.anoma.program import Program
from spec.soma.certificate import Certificate, TransactionDigest, versions_written
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.object import ObjectId, ObjectKey, Version

X, Y, Z = (ObjectId(name) for name in "xyz")
X4, Y1 = ObjectKey(X, Version(4)), ObjectKey(Y, Version(1))
CERTIFICATE = Certificate(
    TransactionDigest("a"), FIRST_EPOCH, frozenset({X4, Y1}), frozenset({X, Z}), Program(())
)


def test_an_output_gets_the_version_after_its_input_and_a_new_object_the_first() -> None:
    written = versions_written(CERTIFICATE, failed=False)
    assert written == (ObjectKey(X, Version(5)), ObjectKey(Z, Version(1)))


def test_a_program_that_fails_creates_nothing_and_makes_the_other_versions_all_the_same() -> None:
    assert versions_written(CERTIFICATE, failed=True) == (ObjectKey(X, Version(5)),)


def test_a_version_is_called_by_its_object_and_its_number() -> None:
    assert str(X4) == "x v4"
