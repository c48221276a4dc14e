"""Rules: the normative clauses of the specification, each with a permanent id."""

from collections.abc import Callable
from enum import Enum
from typing import Any, ClassVar, Generic, NewType, TypeVar

from attrs import frozen

from spec.formalism.environment import Effect, Environment
from spec.formalism.message import Trigger

C = TypeVar("C")
"""The type of an engine's configuration."""
L = TypeVar("L")
"""The type of an engine's local state, as the rule's guard finds it."""
A = TypeVar("A")
"""The type of what a guard hands to its action: what matched, and what it has already computed."""

RuleId = NewType("RuleId", str)
"""The permanent name of a rule: `part.what-it-does`."""


class Text(Enum):
    """The texts that rules come from."""

    S0 = "Anoma: executor engine"
    S1 = "Anoma: executor process (older)"
    S2 = "Soma: execution driver"
    S3 = "Anoma: engine family types"
    S4 = "Anoma: on engines"
    NSPEC = "Anoma specification, public pages"
    NOCK = "Nock definition"
    PAPER = "Literature"
    TREADLE = "decided here"


@frozen
class Source:
    """Where a rule comes from."""

    text: Text
    """Which text."""
    passage: str
    """Where in it, in words that can be searched for."""

    def __str__(self) -> str:
        return f"{self.text.name}: {self.passage}"


class Clause:
    """A normative statement; its docstring is the text of it.

    Every clause gives its id, its version (raised whenever its meaning changes), its sources, and,
    where the sources are silent or contradict themselves, what it decides.
    """

    id: ClassVar[RuleId]
    version: ClassVar[int]
    sources: ClassVar[tuple[Source, ...]]
    decides: ClassVar[str] = ""


class Rule(Clause, Generic[C, L, A]):
    """A guard with its action: when an engine does something, and what it does then.

    Both are pure and total. The guard says with its output that the rule applies, and hands it to
    the action; nothing means that it does not apply. S3's guard output is a record of arguments,
    label and precomputed results: here the label is the rule's id, and the output is arguments and
    results in one value of the rule's own choice.
    """

    @staticmethod
    def guard(trigger: Trigger, configuration: C, environment: Environment[L], /) -> A | None:
        """What the action needs, if the rule applies; nothing if it does not."""
        raise NotImplementedError

    @staticmethod
    def action(
        output: A, trigger: Trigger, configuration: C, environment: Environment[L], /
    ) -> Effect[Any] | None:
        """What the engine does; nothing refuses the whole step."""
        raise NotImplementedError


class FollowUp(Rule[C, L, A]):
    """A rule that completes what other rules have begun, in the same step, after them.

    It takes no trigger by itself: where no other rule applies, neither does it. So its guard need
    not repeat theirs, and a change of theirs cannot contradict it.
    """


AnyRule = type[Rule[Any, Any, Any]]
"""A rule, whatever its engine."""

Guard = Callable[[Trigger, Any, Environment[Any]], Any]
"""A guard, whatever its engine."""


def statement(clause: type[Clause]) -> str:
    """The text of a clause, as one paragraph per blank-line-separated block."""
    paragraphs = (clause.__doc__ or "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
