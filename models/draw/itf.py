"""A run in ITF: its states alone, one after the other."""

from models.draw.run import Run
from models.traces.itf.document import written


def itf(run: Run) -> str:
    """The run in ITF; if it is of a trace, `treadle replay` finds its events again."""
    return written(run.name, run.states, run.records, run.trace)
