"""Nock programs as the published page on the Nockma Runnable has them: each class keeps one thing of it.

What cannot be expressed in the types that the reference has: keys are numbers there, and texts here;
and the page knows no start, which is fed here like any other input.
"""

from attrs import evolve, frozen

from models.twins.published.nock import NO_GAS, Produced, evaluate
from spec.anoma import nock
from spec.anoma.nockma import Nockma, NockmaState, event
from spec.anoma.noun import Noun, read_noun, write_noun
from spec.anoma.runnable import Aborted, Advanced, Failure, FailureKind, Input

GAS = 1000
"""The gas of every program of the page, whatever is paid for it."""

PLENTY = 1 << 30
"""Gas for what is paid for already."""

Stepped = Advanced[NockmaState] | Aborted
"""What a program does on one input."""


def subject_of(state: NockmaState, given: Input) -> Noun | Failure:
    """What the formula is run against."""
    happened = event(given)
    return happened if isinstance(happened, Failure) else (read_noun(state.noun), happened)


def resulting(state: NockmaState, given: Input, product: Noun, gas: int) -> Stepped:
    """What a program does on an input whose formula gives this product, and leaves so much gas."""
    constant = Nockma(write_noun((1, product)), PLENTY)
    step = constant.execute_step(evolve(state, gas=PLENTY), given)
    if isinstance(step, Aborted) or step.state.gas == 0:
        return step
    return evolve(step, state=evolve(step.state, gas=gas))


def product_of(program: Nockma, state: NockmaState, given: Input) -> nock.Produced | None:
    """The product of the formula as the reference has it; nothing where it has none."""
    subject = subject_of(state, given)
    if isinstance(subject, Failure):
        return None
    formula = read_noun(program.formula)
    outcome = nock.nock(subject, formula, state.gas, nock.no_scry)
    return outcome if isinstance(outcome, nock.Produced) else None


@frozen
class ByPage(Nockma):
    """The page's evaluator, with its costs."""

    def execute_step(self, state: NockmaState, given: Input) -> Stepped:
        """Run the formula as the page does."""
        subject = subject_of(state, given)
        if isinstance(subject, Failure):
            return Aborted(subject)
        produced = evaluate(subject, read_noun(self.formula), state.gas)
        if isinstance(produced, Produced):
            return resulting(state, given, produced.noun, produced.gas)
        failed = Failure(FailureKind.FAIL, f"nock: {produced}")
        return Aborted(Failure(FailureKind.OUT_OF_GAS) if produced == NO_GAS else failed)


@frozen
class WithoutWrites(Nockma):
    """The page's parser: requests end, without a word, at the first that is a cell."""

    def execute_step(self, state: NockmaState, given: Input) -> Stepped:
        """Leave out what the parser does not see."""
        outcome = product_of(self, state, given)
        if outcome is None or isinstance(outcome.noun, int):
            return super().execute_step(state, given)
        kept, listed = outcome.noun
        return resulting(state, given, (kept, _atoms_of(listed)), outcome.gas_left)


@frozen
class WithOpenLists(Nockma):
    """The page's parser: whatever a list of requests ends in is its end."""

    def execute_step(self, state: NockmaState, given: Input) -> Stepped:
        """End every list in 0."""
        outcome = product_of(self, state, given)
        if outcome is None or isinstance(outcome.noun, int):
            return super().execute_step(state, given)
        kept, listed = outcome.noun
        return resulting(state, given, (kept, _closed(listed)), outcome.gas_left)


@frozen
class WithAtoms(Nockma):
    """The page's states: only an atom can be kept."""

    def execute_step(self, state: NockmaState, given: Input) -> Stepped:
        """Refuse a state that is a cell."""
        step = super().execute_step(state, given)
        if isinstance(step, Advanced) and isinstance(read_noun(step.state.noun), tuple):
            return Aborted(Failure(FailureKind.FAIL, "nock: invalid result format"), step.outputs)
        return step


@frozen
class WithFixedGas(Nockma):
    """The page's gas: the same for every program."""

    def starting_state(self) -> NockmaState:
        """The state 0, and the page's gas."""
        return evolve(super().starting_state(), gas=GAS)


@frozen
class HaltingWithoutGas(Nockma):
    """The page's halt: a program that has used all of its gas has halted."""

    def halted(self, state: NockmaState) -> bool:
        """Whether its state is the exit state, or its gas is used up."""
        return super().halted(state) or state.gas == 0


def _atoms_of(listed: Noun) -> Noun:
    """The requests up to the first that is a cell."""
    atoms: list[int] = []
    while isinstance(listed, tuple) and isinstance(listed[0], int):
        atoms.append(listed[0])
        listed = listed[1]
    kept: Noun = 0
    for atom in reversed(atoms):
        kept = (atom, kept)
    return kept


def _closed(listed: Noun) -> Noun:
    """The list with 0 for its end."""
    items: list[Noun] = []
    while isinstance(listed, tuple):
        items.append(listed[0])
        listed = listed[1]
    kept: Noun = 0
    for item in reversed(items):
        kept = (item, kept)
    return kept
