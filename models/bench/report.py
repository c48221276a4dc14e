"""What was measured, as JSON."""

from typing import Any

from models.bench.figures import Figures
from models.bench.measured import Bench, Comparison, Measured


def report(bench: Bench) -> dict[str, Any]:
    """All that was measured."""
    return {
        "treadle": bench.version,
        "python": bench.python,
        "machine": bench.machine,
        "processors": bench.processors,
        "repeat": bench.repeat,
        "models": [_measured(each) for each in bench.models],
    }


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "model": measured.subject.model,
        "parameters": dict(sorted(measured.subject.parameters.items())),
        "search": _figures(measured.search),
        "verdict": _figures(measured.verdict),
        "walks": _figures(measured.walks),
        "against": [_comparison(each) for each in measured.against],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    factor = comparison.factor
    return {
        "tool": comparison.tool.value,
        "figures": _figures(comparison.figures),
        "factor": None if factor is None else round(factor, 2),
        "why": comparison.why,
    }


def _figures(figures: Figures | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {
        "states": figures.states,
        "transitions": figures.transitions,
        "complete": figures.complete,
        "seconds": round(figures.seconds, 6),
        "states_per_second": _rounded(figures.states_per_second),
        "transitions_per_second": _rounded(figures.transitions_per_second),
        "steps_per_second": _rounded(figures.steps_per_second),
        "bytes": figures.bytes,
        "bytes_per_state": _rounded(figures.bytes_per_state),
    }


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 1)
