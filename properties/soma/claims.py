"""What some run of given certificates is sure to show, whoever comes first."""

from collections.abc import Iterator

from properties.property import Property
from properties.soma.authority import Known
from properties.soma.witnesses import (
    A_CERTIFICATE_IS_PARKED,
    A_CERTIFICATE_WAITS,
    A_PROGRAM_FAILS,
    A_RECONFIGURATION_WAITS,
    AN_EXECUTION_IS_ABANDONED,
    CRASHED,
    REFUSED,
    THE_DRIVER_STOPS,
    TWO_AT_ONCE,
)
from spec.soma.certificate import Certificate
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.manager.messages import Reason
from spec.soma.object import Objects
from spec.soma.system import Circumstances


def soma_witnesses(given: Circumstances, reference: Known) -> tuple[Property, ...]:
    """What some run shows, where these are the effects of all certificates one at a time.

    Only what is brought to the manager in the first epoch is sure to be executed in some run.
    """
    brought = tuple(each for source in given.enqueues for each in source.certificates)
    first = tuple(each for each in brought if each.epoch == FIRST_EPOCH)
    executed = running(first, given.objects, reference)
    return tuple(_shown(given, brought, first, executed, reference))


def _shown(
    given: Circumstances,
    brought: tuple[Certificate, ...],
    first: tuple[Certificate, ...],
    executed: tuple[Certificate, ...],
    reference: Known,
) -> Iterator[Property]:
    if any(not each.inputs <= {*given.objects} for each in first):
        yield A_CERTIFICATE_WAITS
    if len(brought) > len(first):
        yield A_CERTIFICATE_IS_PARKED
    at_once = {each.digest for each in executed if each.inputs <= {*given.objects}}
    if len(at_once) > 1 and given.max_concurrent_executions > 1:
        yield TWO_AT_ONCE
    if any(reference[each.digest].failure for each in executed):
        yield A_PROGRAM_FAILS
    if len({(each.digest, each.epoch) for each in brought}) < len(brought):
        yield REFUSED[Reason.ENQUEUED]
    if executed and FIRST_EPOCH + 1 in given.epochs:
        yield A_RECONFIGURATION_WAITS
    if executed and given.crashes:
        yield from (*CRASHED.values(), AN_EXECUTION_IS_ABANDONED)
    if given.closes:
        yield THE_DRIVER_STOPS


def running(
    certificates: tuple[Certificate, ...], objects: Objects, reference: Known
) -> tuple[Certificate, ...]:
    """Those of the certificates that are executed in some run where there are no others."""
    found: tuple[Certificate, ...] = ()
    left, there = [each for each in certificates if each.digest in reference], {*objects}
    while ready := [each for each in left if each.inputs <= there]:
        found = (*found, *ready)
        left = [each for each in left if each not in ready]
        there |= {key for each in ready for key in reference[each.digest].written}
    return found
