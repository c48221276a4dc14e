"""Transfers keep the money."""

from pyrsistent import pmap

from models.catalogue.transfer import ACCOUNTS, TRANSFERS, conserved
from properties.outcome import Outcome
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.sequential import sequential


def test_only_the_first_of_rent_and_gift_has_enough() -> None:
    rent, gift, refund = (each.candidate for each in TRANSFERS)
    for order in ((rent, gift), (gift, rent)):
        first, second = sequential(order, ACCOUNTS).summaries
        assert first.failure is None
        assert str(second.failure) == "fail: insufficient funds"
    store = sequential((rent, refund, gift), ACCOUNTS).store
    assert {key: seen.datum for key, seen in store.items()} == {"alice": 1, "bob": 14}


def test_money_that_is_made_or_lost_is_found() -> None:
    def held(alice: int, bob: int) -> Outcome:
        values = {KVSKey("alice"): KVSDatum(alice), KVSKey("bob"): KVSDatum(bob)}
        return Outcome((), pmap(values), pmap())

    assert conserved(15, held(3, 12)) is None
    assert conserved(15, held(3, 11)) is not None
    assert conserved(15, held(10, 12)) is not None
