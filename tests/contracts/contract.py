"""What a contract is: a claim about a function that decides something, within a bound.

A claim is a function that begins with asserts, which say what is assumed; the asserts below them are
what is claimed. It calls its core by the name that this has in the claim's module: there the core can
be replaced by a wrong version, and then the claim has to be refuted. So no claim is confirmed merely
because nothing meets what it assumes, or because it says nothing.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any
from unittest import mock

from attrs import frozen


@frozen
class Contract:
    """A claim that CrossHair is asked to confirm over all paths, within a bound."""

    claim: Callable[..., None]
    """What is claimed."""
    core: str
    """The name that the core has in the claim's module."""
    broken: Callable[..., Any]
    """A wrong version of the core, which the claim refutes."""
    bound: str
    """How much it is claimed of: what the first asserts of the claim say."""
    short: bool = False
    """Whether it belongs to the short part, which runs with the tests."""

    @property
    def name(self) -> str:
        """Its name: that of the claim, with the last part of its module's."""
        return f"{self.module.__name__.rpartition('.')[2]}.{self.claim.__name__}"

    @property
    def sentence(self) -> str:
        """Its name in words."""
        return self.name.replace(".", ": ").replace("_", " ")

    @property
    def subject(self) -> str:
        """The full name of the core."""
        core = vars(self.module)[self.core]
        return f"{core.__module__}.{core.__qualname__}"

    @property
    def module(self) -> ModuleType:
        """The module of the claim."""
        return sys.modules[self.claim.__module__]

    def with_broken_core(self) -> AbstractContextManager[object]:
        """Have the wrong version in the core's place for a while."""
        return mock.patch.object(self.module, self.core, self.broken)
