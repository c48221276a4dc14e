"""What `check` has found, as JSON."""

from typing import Any

from attrs import asdict

from models.checking import Checked
from models.search.depth_first import DepthFirstResult
from models.search.reduction.combined import CombinedResult, Reduction
from models.search.result import PropertyResult, SearchResult, Status
from models.search.symmetry.search import SymmetricResult
from models.search.walks import WalksResult
from models.traces.trace import TraceStep, trace
from properties.outcome import Outcome, outcome_of
from properties.property import Evidence
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.worker.environment import RequestId


def report(checked: Checked) -> dict[str, Any]:
    """The whole report on one model."""
    result = checked.result
    outcomes = {"outcomes": outcomes_of(checked)} if checked.model.system == "anoma" else {}
    return {
        "model": checked.model.name,
        "verdict": checked.verdict.value,
        "search": checked.approach.words,
        "complete": result.complete,
        "states": result.states,
        "transitions": result.transitions,
        "stutters": result.stutters,
        "depth": result.depth,
        **_further(result),
        **guarantee_report(result),
        "properties": [property_report(checked, each) for each in result.properties],
        "coverage": {
            "fired": {rule: result.coverage.fired[rule] for rule in sorted(result.coverage.fired)},
            "never": list(result.coverage.never),
        },
        "trace": trace_report(checked),
        "seconds": round(result.seconds, 3),
        **outcomes,
    }


def guarantee_report(result: SearchResult) -> dict[str, Any]:
    """How likely walks by random priorities were to find a bug; nothing of other searches."""
    guarantee = result.guarantee if isinstance(result, WalksResult) else None
    if guarantee is None:
        return {}
    told = {
        "depth": guarantee.depth,
        "events": guarantee.events,
        "chains": guarantee.chains,
        "one": guarantee.one,
        "all": guarantee.all,
    }
    return {"guarantee": told}


def _further(result: SearchResult) -> dict[str, Any]:
    """What only some searches know."""
    match result:
        case DepthFirstResult():
            return {"cyclic": result.cyclic}
        case SymmetricResult():
            return {"all_states": result.all_states, "all_transitions": result.all_transitions}
        case CombinedResult(reduction=None):
            return {"reduction": None, "irreducible": result.irreducible}
        case CombinedResult(reduction=Reduction() as reduction):
            return {"reduction": {**asdict(reduction), "seconds": round(reduction.seconds, 3)}}
        case _:
            return {}


def property_report(checked: Checked, found: PropertyResult) -> dict[str, Any]:
    """What was found of one property."""
    evidence = evidence_of(checked, found)
    return {
        "name": found.property.name,
        "rule": found.property.rule,
        "kind": found.property.kind.value,
        "verdict": checked.status(found).value,
        "judged": found.judged.value,
        "evidence": None
        if evidence is None
        else {"finding": evidence.finding, "details": list(evidence.details)},
    }


def evidence_of(checked: Checked, found: PropertyResult) -> Evidence | None:
    """What speaks for the verdict: what was found, or why nothing was."""
    if found.evidence is not None:
        return found.evidence
    match found.status:
        case Status.INCONCLUSIVE if checked.result.stop is not None:
            return Evidence(checked.result.stop.value)
        case Status.UNSEEN:
            return Evidence("it has not happened")
        case Status.NOT_JUDGED:
            return Evidence("not judged where messages may be lost")
        case _:
            return None


def trace_of(checked: Checked) -> tuple[TraceStep, ...] | None:
    """The run that shows what is broken; nothing where no run does."""
    shown = [each for each in checked.violated() if each.evidence is not None]
    if not shown:
        return None
    return trace(checked.world.system, checked.world.state, shown[0].events)


def trace_report(checked: Checked) -> list[dict[str, Any]] | None:
    """The steps of that run."""
    steps = trace_of(checked)
    return None if steps is None else [step_report(step) for step in steps]


def step_report(step: TraceStep) -> dict[str, Any]:
    """A step of a run."""
    return {
        "step": step.number,
        "event": step.event,
        "engine": step.engine,
        "rules": list(step.rules),
        "refusal": step.refusal,
        "changes": [str(change) for change in step.changes],
        "sent": list(step.sent),
        "spawned": list(step.spawned),
    }


def outcomes_of(checked: Checked) -> list[dict[str, Any]]:
    """Every distinct outcome of the states at rest."""
    met = dict.fromkeys(outcome_of(state) for state in checked.result.resting)
    return sorted((_outcome(checked, each) for each in met), key=str)


def _outcome(checked: Checked, outcome: Outcome) -> dict[str, Any]:
    genesis = checked.world.genesis
    summaries = {name_of(checked, each): found for each, found in outcome.summaries.items()}
    return {
        "order": [name_of(checked, request) for request in outcome.order],
        "store": {
            key: int(outcome.store.get(KVSKey(key), KVSDatum(genesis[key])))
            for key in sorted(genesis)
        },
        "summaries": {name: _summary(summaries[name]) for name in sorted(summaries)},
    }


def name_of(checked: Checked, request: RequestId) -> str:
    """What a transaction is called; by who asked for it, if it has no name."""
    return checked.world.transactions.get(request, f"{request.issuer} {request.number}")


def _summary(summary: ExecutionSummary) -> dict[str, Any]:
    read, written = summary.values_read, summary.values_written
    return {
        "success": summary.failure is None,
        "reason": None if summary.failure is None else str(summary.failure),
        "read": {str(key): int(read[key].datum) for key in sorted(read)},
        "written": {str(key): int(written[key]) for key in sorted(written)},
    }
