"""Analyses in processes of their own, which are ended when their time is over.

What counts for one of them is processor time, so that a busy machine ends none; what counts for all
of them together is the clock on the wall.
"""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from tests.contracts.analysis import (
    Analysis,
    Verdict,
    analysis_of,
    analysis_of_broken,
    difference,
)
from tests.contracts.contract import Contract
from tests.contracts.pairs import Pair, pair_of
from tests.contracts.register import contract_of

ROOT = Path(__file__).parents[2]
"""Where the processes run."""


@frozen
class Limits:
    """How long the analyses may take."""

    each: int
    """Seconds of processor time for one of them."""
    end: float
    """When all of them have to be over, on the clock that only goes forward."""


@frozen
class NoAnswer:
    """A process came to no end, or to a bad one."""

    verdict: Verdict
    """Which."""
    why: str = ""
    """What it said last."""


def answer_about(kind: str, name: str, seconds: int) -> str:
    """What this process, which has so much time, says of the contract or the pair of this name."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if kind == "pair":
        return json.dumps(difference(pair_of(name)))
    contract = contract_of(name)
    analyses = (analysis_of(contract), analysis_of_broken(contract))
    return json.dumps([asdict(each) | {"verdict": each.verdict.value} for each in analyses])


def outcome(contract: Contract, limits: Limits) -> tuple[Analysis, Analysis]:
    """What is said of a contract's claim, and of the wrong version of its core."""
    answer = asked("contract", contract.name, limits)
    if isinstance(answer, NoAnswer):
        nothing = Analysis(answer.verdict, 0, 0, answer.why)
        return nothing, nothing
    claim, broken = answer
    return read_analysis(claim), read_analysis(broken)


def found(pair: Pair, limits: Limits) -> str | NoAnswer | None:
    """The difference of a pair, if one is found."""
    answer: str | NoAnswer | None = asked("pair", pair.name, limits)
    return answer


def asked(kind: str, name: str, limits: Limits) -> Any:
    """The answer of a process."""
    left = limits.end - time.monotonic()
    if left <= 0:
        return NoAnswer(Verdict.TIMED_OUT)
    command = (sys.executable, "-m", "tests.contracts", "--child", kind, name, str(limits.each))
    try:
        done = subprocess.run(  # noqa: S603  # this very command
            command, cwd=ROOT, capture_output=True, check=False, text=True, timeout=left
        )
    except subprocess.TimeoutExpired:
        return NoAnswer(Verdict.TIMED_OUT)
    if done.returncode == -signal.SIGXCPU:
        return NoAnswer(Verdict.TIMED_OUT)
    if done.returncode:
        return NoAnswer(Verdict.RAISES, done.stderr.strip().rpartition("\n")[2])
    return json.loads(done.stdout)


def read_analysis(cells: dict[str, Any]) -> Analysis:
    """An analysis out of its JSON."""
    return Analysis(Verdict(cells["verdict"]), cells["paths"], cells["seconds"], cells["example"])
