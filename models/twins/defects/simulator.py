"""What the published simulator does otherwise than the formalism that its pages describe."""

from models.twins import laws, stages
from models.twins.defects.common import nspec, published
from models.twins.systems import Dropping, FirstGuard, Timeless, of_kind
from models.twins.twin import Defect, Twin, Wrong
from spec.formalism.clauses import Clocks, React, Unhandled

SIMULATOR_DEFECTS: tuple[Twin, ...] = (
    published(
        "unhandled-message-dropped",
        Defect.FORMALISM,
        "A message that no guard accepts yet is taken from the list and lost.",
        Wrong(Unhandled.id, of_kind(Dropping)),
        stages.BLIND_WRITE,
        laws.OUTCOME,
        9,
        passage=nspec("simulator: step, where there is no action to execute"),
    ),
    published(
        "only-the-first-guard",
        Defect.FORMALISM,
        "Of several guards that apply, only the first has its action executed.",
        Wrong(React.id, of_kind(FirstGuard)),
        stages.TWO_VOTERS,
        laws.TURNOUT,
        1,
        passage=nspec("simulator: evaluateAndExecute, GuardEval.First"),
    ),
    published(
        "timers-never-elapse",
        Defect.FORMALISM,
        "The simulator lets messages arrive and nothing else: timers that engines set never elapse.",
        Wrong(Clocks.id, of_kind(Timeless)),
        stages.TWO_VOTERS,
        laws.HAS_RESULT,
        2,
        passage=nspec("simulator: updateNetworkState, timers of the effect are not looked at"),
    ),
)
"""The defects of the simulator."""
