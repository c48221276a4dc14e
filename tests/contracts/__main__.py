"""Ask CrossHair about every contract and every pair, one after the other.

Each has a process of its own, which is ended when its time is over: that is a failure, as it confirms
nothing. The exit code is 1 when a contract is not what was recorded, when it does not refute the
wrong version of its core, or when a pair does not differ as it is known to; otherwise it is 0.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator

from tests.contracts import child, table
from tests.contracts.analysis import Analysis, Verdict
from tests.contracts.child import Limits
from tests.contracts.contract import Contract
from tests.contracts.pairs import ALIKE, DIFFERENT, Pair
from tests.contracts.register import CONTRACTS


def main(arguments: list[str]) -> int:
    """Run the command; the answer is its exit code."""
    options = parsed(arguments)
    if options.child:
        kind, name, seconds = options.child
        sys.stdout.write(child.answer_about(kind, name, int(seconds)))
        return 0
    known = [each for each in CONTRACTS if not options.names or each.name in options.names]
    unknown = set(options.names) - {each.name for each in known}
    if unknown:
        sys.stderr.write(f"contracts: no contract is called {', '.join(sorted(unknown))}\n")
        return 2
    limits = Limits(options.seconds, time.monotonic() + options.total)
    if options.record:
        complaints = list(recorded(known, limits))
    else:
        complaints = list(compared(known, limits))
        if not options.names:
            complaints += [*gone(), *paired(limits)]
    for each in complaints:
        sys.stdout.write(f"FAILED: {each}\n")
    return 1 if complaints else 0


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts", description=__doc__)
    parser.add_argument("names", nargs="*", help="these contracts only")
    parser.add_argument("--record", action="store_true", help="write the table anew, with all")
    parser.add_argument("--seconds", type=int, default=180, help="processor time for each of them")
    parser.add_argument("--total", type=float, default=3600, help="seconds for all of them")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.record and options.names:
        parser.error("the table is written with all contracts, or not at all")
    return options


def recorded(contracts: Iterable[Contract], limits: Limits) -> Iterator[str]:
    """Write the table; what is wrong with any contract, if it is to be confirmed."""
    rows: list[table.Row] = []
    for contract in contracts:
        claim, broken = judged(contract, limits)
        rows.append(table.row_of(contract, claim))
        if claim.verdict is not Verdict.CONFIRMED:
            yield f"{contract.name} is {claim.verdict.value} {claim.example}".rstrip()
        yield from silent(contract, broken)
    table.write(rows)


def compared(contracts: Iterable[Contract], limits: Limits) -> Iterator[str]:
    """What is wrong with any contract, compared with what was recorded."""
    known = {row.claim: row for row in table.read()}
    for contract in contracts:
        claim, broken = judged(contract, limits)
        wrong = table.complaint(known.get(contract.sentence), table.row_of(contract, claim))
        if wrong is not None:
            yield f"{contract.name} {wrong} {claim.example}".rstrip()
        yield from silent(contract, broken)


def judged(contract: Contract, limits: Limits) -> tuple[Analysis, Analysis]:
    """What is said of a contract, printed."""
    claim, broken = child.outcome(contract, limits)
    sys.stdout.write(
        f"{claim.verdict.value:13} {contract.subject}\n"
        f"    {contract.name}: {contract.bound}\n"
        f"    {claim.paths} paths, {claim.seconds:.1f} s\n"
        f"    wrong version: {broken.verdict.value}, {broken.paths} paths, {broken.seconds:.1f} s\n"
    )
    sys.stdout.flush()
    return claim, broken


def silent(contract: Contract, broken: Analysis) -> Iterator[str]:
    """What is wrong where a contract does not refute the wrong version."""
    wrong = table.complaint_about_broken(broken)
    if wrong is not None:
        yield f"{contract.name} {wrong}"


def gone() -> Iterator[str]:
    """What is recorded of contracts that there are not."""
    claims = {each.sentence for each in CONTRACTS}
    for row in table.read():
        if row.claim not in claims:
            yield f"{row.claim!r} is recorded, and is no contract"


def paired(limits: Limits) -> Iterator[str]:
    """What is wrong with any pair."""
    for pair in (*DIFFERENT, *ALIKE):
        found = child.found(pair, limits)
        wrong = complaint(pair, found)
        sys.stdout.write(f"{'failed' if wrong else 'as known':13} {pair.name}\n    {said(found)}\n")
        sys.stdout.flush()
        if wrong:
            yield f"{pair.name} {wrong}"


def complaint(pair: Pair, found: str | child.NoAnswer | None) -> str | None:
    """What is wrong with a pair; nothing if it differs as it is known to."""
    if isinstance(found, child.NoAnswer):
        return f"is {found.verdict.value} {found.why}".rstrip()
    if pair in DIFFERENT:
        return None if found else "shows no difference"
    return f"differs: {found}" if found else None


def said(found: str | child.NoAnswer | None) -> str:
    """What is printed of a pair."""
    if isinstance(found, child.NoAnswer):
        return found.verdict.value
    return found or "no difference found"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
