"""What the published text gets wrong about Nock programs: an executor runs them by the page."""

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import with_action
from models.twins.defects.common import nspec, published
from models.twins.published.nockma import (
    ByPage,
    HaltingWithoutGas,
    WithAtoms,
    WithFixedGas,
    WithOpenLists,
    WithoutWrites,
)
from models.twins.twin import Defect, Twin, Wrong, wrong
from spec.anoma.executor.behaviour import StartTransaction
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import ExecutorEnv, ExecutorState, Idle
from spec.anoma.executor.messages import ExecuteTransaction
from spec.anoma.nockma import EXIT, Nockma
from spec.formalism.environment import Effect
from spec.formalism.message import Trigger

PAGE = "nockma"
RUNNABLE = "nockma_runnable"

ADD_ONE = f"[6 [0 2] [1 1 0] [1 {EXIT}] [[0 6] 4 0 7] 1 0]"
"""On the start, wait for the value; then write one more and halt."""

TEST_VALUE = f"[6 [0 2] [1 1 0] [1 {EXIT}] [[0 6] 3 0 7] 1 0]"
"""Writes whether the value is a cell: it is not."""

EDIT = f"[[1 {EXIT}] 7 [10 [32 1 9] 1 [[[[[1 2] 3] 4] 5] 6]] 1 0]"
"""Edits a noun deep inside, and halts at once."""

REMEMBER = f"[6 [3 0 2] [[1 {EXIT}] [[0 6] 4 0 7] 1 0] 1 [1 1] 0]"
"""On the start, keep a cell; once it is kept, write one more."""

OPEN_LIST = f"[6 [0 2] [1 1 0] [1 {EXIT}] [[0 6] 4 0 7] 1 7]"
"""The list of requests ends in 7."""

HALT = f"[1 {EXIT} 0]"
"""Halts at once."""

NOWHERE = "[0 0]"
"""Asks for what is at axis 0: there is nothing."""

SCRY = "[12 [1 0] [1 5] 0 1]"
"""Asks for what is stored: nothing is."""

SHAPELESS = "[6 0]"
"""Its arguments are none."""


def run_by(kind: type[Nockma]) -> Wrong:
    """The rule that starts a transaction, and runs its program as this kind of program."""

    def action(
        output: tuple[Idle, ExecuteTransaction],
        trigger: Trigger,
        configuration: ExecutorConfiguration,
        environment: ExecutorEnv,
    ) -> Effect[ExecutorState]:
        idle, transaction = output
        program = transaction.executable
        if isinstance(program, Nockma):
            transaction = evolve(transaction, executable=kind(program.formula, program.gas))
        return StartTransaction.action((idle, transaction), trigger, configuration, environment)

    return wrong("executor", with_action(StartTransaction, action))


NOCK_DEFECTS: tuple[Twin, ...] = (
    published(
        "nock-writes-not-recognised",
        Defect.OPCODES,
        "The parser of requests stops, without a word, at the first write.",
        run_by(WithoutWrites),
        stages.NOCK_INCREMENT,
        laws.TIMESTAMP_ORDER,
        6,
        passage=nspec(f"{RUNNABLE}: parseRequests"),
    ),
    published(
        "nock-request-list-may-end-in-anything",
        Defect.OPCODES,
        "A list of requests that does not end in 0 is taken for one that does.",
        run_by(WithOpenLists),
        stages.by_nock("nock-open-list", "A formula whose requests end in 7.", OPEN_LIST),
        laws.TIMESTAMP_ORDER,
        6,
        passage=nspec(f"{RUNNABLE}: parseRequests, invalid request list"),
        hidden_by=("nock-writes-not-recognised",),
    ),
    published(
        "nock-state-must-be-an-atom",
        Defect.OPCODES,
        "A program that keeps a cell from one input to the next fails.",
        run_by(WithAtoms),
        stages.by_nock("nock-memory", "A formula that remembers a cell.", REMEMBER),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{RUNNABLE}: executeStep, new_state"),
    ),
    published(
        "nock-out-of-gas-counts-as-halted",
        Defect.GAS,
        "A program that has used exactly its gas, and is not done, counts as successful.",
        run_by(HaltingWithoutGas),
        stages.by_nock(
            "nock-gas-for-one-input", "A formula with gas for its start alone.", ADD_ONE, 6
        ),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{RUNNABLE}: halted"),
    ),
    published(
        "nock-gas-the-same-for-all",
        Defect.GAS,
        "Every program has 1000 units of gas, whatever is paid for it.",
        run_by(WithFixedGas),
        stages.by_nock("nock-little-gas", "A formula with too little gas.", ADD_ONE, 5),
        laws.TIMESTAMP_ORDER,
        6,
        passage=nspec(f"{RUNNABLE}: startingState, gas_limit"),
    ),
    published(
        "nock-constants-are-free",
        Defect.GAS,
        "Opcodes 1, 2 and 11 cost nothing.",
        run_by(ByPage),
        stages.by_nock("nock-no-gas", "A formula that halts at once, without gas.", HALT, 0),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{PAGE}: getGasCost"),
    ),
    published(
        "nock-branch-charges-for-rewriting",
        Defect.GAS,
        "Opcode 6 is rewritten into others, and the program pays for those too.",
        run_by(ByPage),
        stages.by_nock("nock-just-enough-gas", "A formula with just enough gas.", ADD_ONE, 22),
        laws.TIMESTAMP_ORDER,
        6,
        passage=nspec(f"{PAGE}: evalOp, IfThenElse"),
    ),
    published(
        "nock-edit-charges-the-square",
        Defect.GAS,
        "Opcode 10 looks the other half up from the root at every step, and charges for the way.",
        run_by(ByPage),
        stages.by_nock("nock-edit", "A formula that edits a noun deep inside.", EDIT, 20),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{PAGE}: pound"),
    ),
    published(
        "nock-axis-zero-uses-all-gas",
        Defect.OPCODES,
        "Axis 0 is halved for ever, until the gas is used up, where there is just nothing there.",
        run_by(ByPage),
        stages.by_nock("nock-axis-zero", "A formula that asks for axis 0.", NOWHERE),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{PAGE}: slash"),
    ),
    published(
        "nock-shapeless-formula-charged",
        Defect.GAS,
        "A formula of no known shape is charged before its shape is looked at.",
        run_by(ByPage),
        stages.by_nock("nock-shapeless", "A malformed formula, without gas.", SHAPELESS, 0),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{PAGE}: nock, consume before evalOp"),
    ),
    published(
        "nock-cell-test-wants-a-pair",
        Defect.OPCODES,
        "Opcode 3 takes only the head of its argument, which is a formula in no ordinary program.",
        run_by(ByPage),
        stages.by_nock("nock-cell-test", "A formula that tests for a cell.", TEST_VALUE),
        laws.TIMESTAMP_ORDER,
        6,
        passage=nspec(f"{PAGE}: evalOp, CellTest"),
    ),
    published(
        "nock-scry-without-subject",
        Defect.OPCODES,
        "Opcode 12 evaluates its arguments without the subject, as if each held one of its own.",
        run_by(ByPage),
        stages.by_nock("nock-scry", "A formula that asks for what is stored.", SCRY),
        laws.TIMESTAMP_ORDER,
        2,
        passage=nspec(f"{PAGE}: evalOp, Scry"),
    ),
)
"""The defects, those of programs first, then those of gas and opcodes."""
