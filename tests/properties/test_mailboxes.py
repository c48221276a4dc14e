"""What is in mailboxes of each discipline."""

from typing import Any

import pytest

from properties.mailboxes import mail_in
from spec.formalism.delivery import DISCIPLINES, Discipline, Fifo, SetDelivery, Unordered
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

A, B = on_local_node("a"), on_local_node("b")
ONE, OTHER = (Message(A, B, DEFAULT_MAILBOX, body) for body in ("one", "other"))


@pytest.mark.parametrize(
    ("discipline", "copies"),
    [
        (Unordered, [(ONE, 2), (OTHER, 1)]),
        (Fifo, [(ONE, 1), (ONE, 1), (OTHER, 1)]),
        (SetDelivery, [(ONE, 1), (OTHER, 1)]),
    ],
)
def test_every_copy_is_counted(
    discipline: type[Discipline], copies: list[tuple[Message[Any], int]]
) -> None:
    box = discipline.empty
    for message in (ONE, OTHER, ONE):
        box = discipline.put(box, message)
    assert sorted(mail_in(box), key=lambda pair: pair[0].body) == copies


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_an_empty_mailbox_holds_nothing(discipline: type[Discipline]) -> None:
    assert list(mail_in(discipline.empty)) == []
