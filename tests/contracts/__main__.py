"""`python -m tests.contracts`: ask CrossHair about every contract, one after the other.

Each contract has a process of its own, which is ended when its time is over: that is a failure, as it
is no confirmation. The exit code is 1 when a contract is not what was recorded, or does not refute
the wrong version of its core, or when a known difference is not found; otherwise it is 0.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import asdict

from tests.contracts import table
from tests.contracts.analysis import Analysis, Verdict, analysis_of, analysis_of_broken
from tests.contracts.contract import Contract
from tests.contracts.register import CONTRACTS, contract_of

ROOT = Path(__file__).parents[2]
"""Where the command is run."""


def main(arguments: list[str]) -> int:
    """Run the command; the answer is its exit code."""
    options = parsed(arguments)
    if options.one:
        sys.stdout.write(as_json(contract_of(options.one)))
        return 0
    known = [each for each in CONTRACTS if not options.names or each.name in options.names]
    unknown = set(options.names) - {each.name for each in known}
    if unknown:
        sys.stderr.write(f"contracts: no contract is called {', '.join(sorted(unknown))}\n")
        return 2
    rows, complaints = judged(known, options)
    if options.record and not options.names:
        table.write(rows)
    elif not options.names:
        names = {each.name for each in CONTRACTS}
        gone = [row.contract for row in table.read() if row.contract not in names]
        complaints += [f"{name} is recorded, and is no contract" for name in gone]
    for each in complaints:
        sys.stdout.write(f"FAILED: {each}\n")
    return 1 if complaints else 0


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts", description=__doc__)
    parser.add_argument("names", nargs="*", help="these contracts only")
    parser.add_argument("--record", action="store_true", help="write the table anew")
    parser.add_argument("--seconds", type=float, default=180, help="for each contract")
    parser.add_argument("--total", type=float, default=1800, help="seconds, for all of them")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def judged(
    contracts: list[Contract], options: argparse.Namespace
) -> tuple[list[table.Row], list[str]]:
    """What became of each contract, and what is wrong with any."""
    recorded = {} if options.record else {row.contract: row for row in table.read()}
    end = time.monotonic() + options.total
    rows: list[table.Row] = []
    complaints: list[str] = []
    for contract in contracts:
        seconds = min(options.seconds, end - time.monotonic())
        claim, broken = outcome(contract, seconds)
        row = table.row_of(contract, claim)
        rows.append(row)
        sys.stdout.write(line(row, claim, broken))
        sys.stdout.flush()
        complaints += [f"{contract.name} {each}" for each in wrong(recorded, row, claim, broken)]
    return rows, complaints


def wrong(
    recorded: dict[str, table.Row], row: table.Row, claim: Analysis, broken: Analysis
) -> Iterator[str]:
    """What is wrong with one contract."""
    if recorded:
        difference = table.complaint(recorded.get(row.contract), row)
        if difference is not None:
            yield f"{difference} {claim.example}".rstrip()
    elif claim.verdict is not Verdict.CONFIRMED:
        yield f"is {claim.verdict.value} {claim.example}".rstrip()
    silence = table.complaint_about_broken(broken)
    if silence is not None:
        yield silence


def outcome(contract: Contract, seconds: float) -> tuple[Analysis, Analysis]:
    """What a process of its own says of a contract's claim, and of the wrong version."""
    command = (sys.executable, "-m", "tests.contracts", "--one", contract.name)
    if seconds <= 0:
        return no_answer(Verdict.TIMED_OUT, 0, ""), no_answer(Verdict.TIMED_OUT, 0, "")
    try:
        done = subprocess.run(  # noqa: S603  # this very command
            command, cwd=ROOT, capture_output=True, check=False, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        late = no_answer(Verdict.TIMED_OUT, seconds, "")
        return late, late
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        crashed = no_answer(Verdict.RAISES, 0, last)
        return crashed, crashed
    claim, broken = json.loads(done.stdout)
    return read_analysis(claim), read_analysis(broken)


def no_answer(verdict: Verdict, seconds: float, example: str) -> Analysis:
    """Stands for an analysis that did not come to its end."""
    return Analysis(verdict, 0, seconds, example)


def read_analysis(cells: dict[str, Any]) -> Analysis:
    """An analysis out of its JSON."""
    return Analysis(Verdict(cells["verdict"]), cells["paths"], cells["seconds"], cells["example"])


def as_json(contract: Contract) -> str:
    """Both analyses of a contract."""
    analyses = (analysis_of(contract), analysis_of_broken(contract))
    return json.dumps([asdict(each) | {"verdict": each.verdict.value} for each in analyses])


def line(row: table.Row, claim: Analysis, broken: Analysis) -> str:
    """What is printed of a contract."""
    return (
        f"{row.verdict:13} {row.subject}\n"
        f"    {row.contract}: {row.bound}; {claim.paths} paths, {claim.seconds:.1f} s\n"
        f"    wrong version: {broken.verdict.value}, {broken.paths} paths, {broken.seconds:.1f} s\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
