"""Twins: systems in which exactly one rule is wrong, each with the one property that it must break."""

from collections.abc import Callable
from enum import Enum

from attrs import evolve, frozen

from models.model import World
from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.rule import AnyRule, RuleId, Source
from spec.formalism.system import System

Change = Callable[[System], System]
"""What makes a system wrong: it replaces one rule."""


class TwinKind(Enum):
    """Where the wrong rule comes from."""

    PUBLISHED = "published"
    """The published text of Anoma's engines says so."""
    SLIP = "slip"
    """Nobody says so; one might write so."""


class Defect(Enum):
    """What a defect is about."""

    NAMING = "identity and naming"
    MARKS = "marks"
    LOCKS = "locks"
    START = "start"
    END = "end"
    FAILURE = "failure"
    INPUTS = "order of inputs"
    OUTPUTS = "order of outputs"
    DUPLICATES = "duplicates"
    LABELS = "labels"
    LAZY = "lazy and may access"
    COLLECTION = "garbage collection"
    GAS = "gas"
    OPCODES = "Nock opcodes"
    FORMALISM = "engines and messages"
    ELECTIONS = "elections"
    COMMITMENT = "commitment"
    VERSIONS = "versions of objects"
    READINESS = "certificates and readiness"
    TASKS = "tasks and their limit"
    METRICS = "metrics"
    EXECUTION = "executions"
    EPOCHS = "epochs"
    CRASHES = "crashes"
    SHUTDOWN = "shutdown"


class Needs(Enum):
    """What the network has to do for a twin to fall."""

    NOTHING = "fifo too"
    """Nothing: it falls also where each sender's messages arrive in the order of sending."""
    REORDERING = "reordering"
    """Let messages of one sender overtake each other."""
    OWN = "its own delivery"
    """Deliver in the wrong way that the twin is about: there is no other to compare it with."""


@frozen
class Stage:
    """A small world on which twins show what is wrong with them; the reference holds on it."""

    name: str
    """Its name, unlike every other one's."""
    sentence: str
    """What happens there, in one sentence."""
    build: Callable[[AnyDiscipline], World]
    """The world under a discipline, with the reference's rules."""


@frozen
class Wrong:
    """A rule, and what makes it wrong."""

    rule: RuleId
    """The id of the rule."""
    change: Change
    """What makes the reference wrong."""


@frozen
class Twin:
    """A system with one wrong rule, and what comes of it."""

    kind: TwinKind
    """Where the wrong rule comes from."""
    name: str
    """Its name: the defect in a few words, in kebab-case; unlike every other one's."""
    defect: Defect
    """What it is about."""
    sentence: str
    """What the wrong rule does, in one sentence."""
    wrong: Wrong
    """The rule that is wrong; what that one's statement says is what the reference says instead."""
    stage: Stage
    """The smallest world on which it shows."""
    breaks: str
    """The name of the property that it must break, on the stage."""
    length: int
    """How many steps the shortest run has that shows it; 0 where something never happens."""
    needs: Needs = Needs.NOTHING
    """Whether it shows only where messages overtake each other."""
    passage: Source | None = None
    """The passage of the published text; nothing of slips."""
    beside: tuple["Twin", ...] = ()
    """The defects that are left in the system beside it, as it does not show without them.

    The property that it must break holds with those alone.
    """
    hidden_by: tuple[str, ...] = ()
    """The defects of the published text that keep it from showing there: they had to be repaired first."""
    discipline: AnyDiscipline = Unordered
    """How mailboxes deliver where it is shown."""

    @property
    def rule(self) -> RuleId:
        """The id of the rule that it replaces."""
        return self.wrong.rule


@frozen
class Suspicion:
    """Something about the published text, or a wrong rule, that no run has shown to do harm."""

    name: str
    """The defect in a few words, in kebab-case."""
    kind: TwinKind
    """Where it comes from."""
    defect: Defect
    """What it is about."""
    rule: RuleId
    """The rule that says otherwise."""
    reason: str
    """Why it is only suspected."""
    passage: Source | None = None
    """The passage of the published text; nothing of slips."""


def wrong(family: str, rule: AnyRule) -> Wrong:
    """A wrong version of a rule, in the family that it belongs to."""
    return Wrong(rule.id, lambda system: system.replacing(family, rule))


def neighbourhood(twin: Twin, discipline: AnyDiscipline) -> World:
    """The world on which a twin is shown, without what is wrong with it: sound but for what is beside it."""
    world = twin.stage.build(discipline)
    system = world.system
    for other in twin.beside:
        system = other.wrong.change(system)
    return evolve(world, system=system)


def world_of(twin: Twin, discipline: AnyDiscipline | None = None) -> World:
    """The world of a twin: that on which it is shown, with its one wrong rule."""
    world = neighbourhood(twin, discipline or twin.discipline)
    return evolve(world, system=twin.wrong.change(world.system))
