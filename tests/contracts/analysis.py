"""CrossHair's verdict on a claim or a pair: the same everywhere, as paths bound it and not time."""

import math
import time
from collections import Counter
from collections.abc import Callable
from enum import Enum

from attrs import frozen
from crosshair.core_and_libs import analyze_function, run_checkables
from crosshair.diff_behavior import Result, diff_behavior
from crosshair.fnutil import FunctionInfo
from crosshair.options import DEFAULT_OPTIONS, AnalysisKind, AnalysisOptionSet
from crosshair.statespace import AnalysisMessage, MessageType

from tests.contracts.contract import Contract
from tests.contracts.pairs import Pair

MOST_PATHS = 20_000
"""After how many paths an analysis gives up."""

PATHS_OF_A_PAIR = 200
"""After how many paths the search for a difference gives up."""


class Verdict(Enum):
    """What CrossHair says of a claim."""

    CONFIRMED = "confirmed"
    """It holds on all paths, within its bound."""
    REFUTED = "refuted"
    """There is an example for which an assert fails."""
    RAISES = "raises"
    """There is an example for which something else goes wrong."""
    NOT_CONFIRMED = "not confirmed"
    """Neither: that says nothing."""
    TIMED_OUT = "timed out"
    """It had no time to say anything; whoever runs an analysis in a process of its own says so."""


@frozen
class Analysis:
    """What came of an analysis."""

    verdict: Verdict
    """What CrossHair says."""
    paths: int
    """How many paths it has followed."""
    seconds: float
    """The processor time it took."""
    example: str = ""
    """The example, where there is one."""


def analysis_of(contract: Contract, paths: int = MOST_PATHS) -> Analysis:
    """What CrossHair says of a contract's claim."""
    return analysed(contract.claim, paths)


def analysis_of_broken(contract: Contract, paths: int = MOST_PATHS) -> Analysis:
    """What CrossHair says of a contract's claim about a wrong version of the core."""
    with contract.with_broken_core():
        return analysed(contract.claim, paths)


def analysed(claim: Callable[..., None], paths: int) -> Analysis:
    """What CrossHair says of a claim, after so many paths at most.

    Raises:
        ValueError: the claim does not begin with an assert, so that CrossHair takes it for none.
    """
    statistics: Counter[str] = Counter()
    begun = time.process_time()
    messages = run_checkables(analyze_function(claim, bounded(paths, statistics)))
    seconds = time.process_time() - begun
    if not messages:
        raise ValueError(f"{claim.__name__}: expected an assert at the beginning")
    worst = max(messages, key=lambda each: each.state)
    verdict = verdict_of(worst)
    example = worst.message if verdict in {Verdict.REFUTED, Verdict.RAISES} else ""
    return Analysis(verdict, statistics["num_paths"], seconds, example)


def difference(pair: Pair, paths: int = PATHS_OF_A_PAIR) -> str | None:
    """The first example that CrossHair finds of two different answers; nothing if it finds none."""
    options = DEFAULT_OPTIONS.overlay(bounded(paths, Counter()))
    found = diff_behavior(
        FunctionInfo.from_fn(pair.published), FunctionInfo.from_fn(pair.reference), options
    )
    for each in [] if isinstance(found, str) else found:
        given = ", ".join(f"{name}={value}" for name, value in each.args.items())
        answers = (told(result) for result in (each.result1, each.result2))
        return f"{given}: " + ", and by the reference ".join(answers)
    return None


def told(result: Result) -> str:
    """What a function gave, or how it broke down."""
    return result.error or result.return_repr


def bounded(paths: int, statistics: Counter[str]) -> AnalysisOptionSet:
    """The options: a number of paths is the only bound, and CrossHair's seed is always the same."""
    return AnalysisOptionSet(
        analysis_kind=(AnalysisKind.asserts,),
        max_iterations=paths,
        max_uninteresting_iterations=0,  # any number, and none by default: 0 switches it off
        per_condition_timeout=math.inf,
        per_path_timeout=math.inf,
        report_all=True,
        stats=statistics,
    )


def verdict_of(message: AnalysisMessage) -> Verdict:
    """What a message of CrossHair's says."""
    if message.state is MessageType.CONFIRMED:
        return Verdict.CONFIRMED
    if message.state is MessageType.CANNOT_CONFIRM:
        return Verdict.NOT_CONFIRMED
    failed = message.message.startswith("AssertionError")
    return Verdict.REFUTED if failed else Verdict.RAISES
