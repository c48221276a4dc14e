"""The rules that hold for engines of every family."""

from typing import Any

from spec.formalism.environment import Effect, Environment, Finished
from spec.formalism.message import Message, Trigger, arrived
from spec.formalism.rule import Clause, Rule, RuleId, Source, Text


class Absorb(Rule[Any, Finished, Message[Any]]):
    """A finished engine consumes every message, and does nothing."""

    id = RuleId("engine.absorb")
    version = 1
    sources = (Source(Text.S0, "ephemeral components that exist solely for the duration"),)
    decides = (
        "S0 does not say what becomes of messages to an executor that is done. Left in the "
        "mailbox, they would keep a run from ever coming to rest."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: object, environment: Environment[Finished]
    ) -> Message[Any] | None:
        """Any message."""
        return arrived(trigger, object)

    @staticmethod
    def action(
        output: Message[Any],
        trigger: Trigger,
        configuration: object,
        environment: Environment[Finished],
    ) -> Effect[Finished]:
        """Nothing but the consumption."""
        return Effect(environment)


class React(Clause):
    """Guards are evaluated once, on the environment at the trigger; actions run in solver order.

    The sets of the conflict solver run one after the other, later actions on the environment that
    earlier ones left; what they send concatenates in that order.

    A rule that follows up completes what others have begun: where none of those applies, neither
    does it, and it is said to have fired only if it found something to do.

    Actions inside one set commute; they run in the order of the family's rules. A resolution that
    fails, an action that returns nothing after its guard fired or that moves the clock or timers by
    itself, and a guard, action or solver that raises refuse the whole step: the state stays, and
    the record says so.
    """

    id = RuleId("engine.react")
    version = 1
    sources = (
        Source(Text.S3, "Conflict resolution"),
        Source(Text.S3, "several guards are processed in parallel"),
    )
    decides = (
        "S3 leaves open on which environment later actions of a trigger run and what a failed "
        "resolution means."
    )


class Unhandled(Clause):
    """A message that no guard accepts stays in its mailbox.

    A timer that no guard accepts elapses all the same.
    """

    id = RuleId("engine.unhandled")
    version = 1
    sources = (Source(Text.S3, "If the guard does not give a result"),)
    decides = (
        "Dropping such a message would lose what overtook something else; so a message that must "
        "wait, for a lock say, waits in its mailbox."
    )


class Clocks(Clause):
    """An engine's clock is its own; it moves only when a timer elapses, to that one's due time.

    An engine's timers elapse one at a time in order of due time, those due together in any order.
    """

    id = RuleId("engine.clock")
    version = 1
    sources = (
        Source(Text.S4, "memory for previously set timers"),
        Source(Text.S4, "local time in engine instances"),
    )
    decides = "S3 lets several timers elapse in one trigger; here it is one at a time."


class Identities(Clause):
    """An engine's identity never changes, and no two engines have the same.

    Ids are compared whole, never by name alone. What is to go on under another identity is a new
    engine. An engine that an action asks for gets its identity in the same step; a name that the
    spawner holds as unnamed becomes an acquaintance of it then. An engine that must know its own id
    is told by its configuration, or finds it as the target of what arrives.
    """

    id = RuleId("engine.identity")
    version = 1
    sources = (
        Source(Text.S4, "The engine's identity is unchangeable"),
        Source(Text.S3, "assuming the system will ensure its uniqueness"),
    )
    decides = (
        "S3 leaves open who ensures that a spawned name is unique; a step that repeats one is "
        "refused."
    )


class Rest(Clause):
    """A step that changes the global state is a transition; a state without transitions is at rest.

    A step that changes nothing is a stutter, and is counted apart.
    """

    id = RuleId("system.rest")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: the engine formalism"),)


class Conserved(Clause):
    """The mailboxes are the messages in flight.

    A message enters a mailbox when it is sent, and leaves it when it is consumed, or by a fault.
    """

    id = RuleId("system.messages")
    version = 1
    sources = (Source(Text.S4, "messages that were sent to the MID but not processed yet"),)
    decides = "There is no network beside the mailboxes."


class Pure(Clause):
    """Guards, actions and solvers are pure and total.

    The same arguments give the same answer, there is always an answer, and nothing else changes.
    """

    id = RuleId("engine.pure")
    version = 1
    sources = (Source(Text.S4, "state transition function"),)


class Solver(Clause):
    """A conflict solver answers with disjoint sets whose union is its input, or with none.

    Each of the sets, asked about alone, is answered by itself.
    """

    id = RuleId("engine.solver")
    version = 1
    sources = (Source(Text.S3, "pairwise disjoint and whose union is the input set"),)
