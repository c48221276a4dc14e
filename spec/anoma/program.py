"""Scenario programs: what a list of instructions does, one input at a time."""

from attrs import evolve, frozen

from spec.anoma.instructions import Emitted, Frame, Instruction, Outcome
from spec.anoma.keyvalue import KVSKey
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    Failure,
    FailureKind,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Runnable,
    Start,
)

DEFAULT_GAS = 40_000
"""The gas of a program of which nothing else is said.

It pays for 40 000 instructions on numbers of ordinary size. As a computation on w full words costs
more than w², the widest result has 202 words: fewer decimal digits than Python agrees to print.
"""


@frozen
class Unstarted:
    """The program has had no input yet."""


@frozen
class Waiting:
    """The program has asked for a key and takes its value next."""

    key: KVSKey
    """The key that it waits for."""
    frame: Frame
    """What it has in hand meanwhile."""


@frozen
class Halted:
    """The program has ended successfully; nothing of how it came there is kept."""


ProgramState = Unstarted | Waiting | Halted
"""Where a program is between two inputs."""


@frozen
class Program(Runnable[ProgramState]):
    """A scenario program: a deterministic list of instructions with bounded gas.

    - On an input it runs until its next read, its end, or a failure; the outputs stand in the order
      in which they were put out, those before a failure too.
    - A read puts out a request for the key and waits for that key alone. It does so every time, for
      eager keys and keys read before too: where the value comes from is the executor's concern.
    - The end of the list, and any place outside it, is the halt: success.
    - Values are integers. Comparisons, `not`, `and` and `or` yield 1 or 0; every number but 0 is
      true; `//` and `%` round towards minus infinity. Dividing by zero fails, and so does a name to
      which nothing was assigned on the way taken.
    - Every instruction costs 1; a computation costs also the square of its operands' full 64-bit
      words together. What the gas left does not pay for is not begun: the program fails.
    - The function is total. An input other than the one awaited, or an instruction that does not
      find on the stacks what it takes, cannot come of a compiled program; both fail as stuck.
    """

    instructions: tuple[Instruction, ...]
    """The instructions, the first one first."""
    gas: int = DEFAULT_GAS
    """What it may spend in all, from the start to the halt."""

    def starting_state(self) -> ProgramState:
        """The state before the first input."""
        return Unstarted()

    def execute_step(self, state: ProgramState, given: Input) -> Advanced[ProgramState] | Aborted:
        """The state and outputs after one input, or why the program failed on it."""
        if isinstance(state, Unstarted) and isinstance(given, Start):
            return self._run(Frame(self.gas))
        if isinstance(state, Waiting) and isinstance(given, ReadValue) and given.key == state.key:
            return self._run(evolve(state.frame, numbers=(*state.frame.numbers, given.datum)))
        return Aborted(Failure(FailureKind.STUCK))

    def halted(self, state: ProgramState) -> bool:
        """Whether the program has ended by itself, successfully."""
        return isinstance(state, Halted)

    def awaits(self, state: ProgramState) -> KVSKey | None:
        """The key that it has asked for last, until its value comes."""
        return state.key if isinstance(state, Waiting) else None

    def _run(self, frame: Frame) -> Advanced[ProgramState] | Aborted:
        """Run up to the next read, the end, or a failure."""
        outputs: tuple[Output, ...] = ()
        while 0 <= frame.position < len(self.instructions):
            outcome = perform(self.instructions[frame.position], frame)
            if isinstance(outcome, Failure):
                return Aborted(outcome, outputs)
            if isinstance(outcome, Emitted):
                outputs = (*outputs, outcome.output)
                if isinstance(outcome.output, ReadRequest):
                    return Advanced(Waiting(outcome.output.key, outcome.frame), outputs)
                outcome = outcome.frame
            frame = outcome
        return Advanced(Halted(), outputs)


def perform(instruction: Instruction, frame: Frame) -> Outcome:
    """One instruction: look for what it takes, pay for it, do it."""
    enough_numbers = len(frame.numbers) >= instruction.takes_numbers
    enough_texts = len(frame.texts) >= instruction.takes_texts
    if not (enough_numbers and enough_texts):
        return Failure(FailureKind.STUCK)
    cost = instruction.cost(frame)
    if cost > frame.gas:
        return Failure(FailureKind.OUT_OF_GAS)
    return instruction.run(evolve(frame, position=frame.position + 1, gas=frame.gas - cost))
