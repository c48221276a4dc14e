"""YCSB-like mixes."""

from collections import Counter

from pyrsistent import pmap

from models.catalogue.common import label
from models.catalogue.ycsb import MIXES, Operations, candidate, drawn, raised
from properties.outcome import Outcome
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.sequential import executed, genesis_store

OPTIONS = {
    "workload": "F",
    "transactions": 400,
    "operations": 2,
    "keys": 4,
    "distribution": "zipfian",
    "seed": 0,
}


def outcome(**values: int) -> Outcome:
    return Outcome((), pmap({KVSKey(key): KVSDatum(values[key]) for key in values}), pmap())


def test_a_mix_has_the_shares_of_its_workload() -> None:
    for workload, shares in MIXES.items():
        mix = drawn({**OPTIONS, "workload": workload})
        touched = [(each.reads, each.updates, each.modifies) for each in mix]
        counts = [sum(len(kinds[place]) for kinds in touched) for place in range(3)]
        assert sum(counts) == 800
        for count, share in zip(counts, shares, strict=True):
            assert abs(count / 8 - share) < 6, workload
            assert (count == 0) is (share == 0), workload


def test_the_first_record_is_the_most_popular_by_zipfs_law_only() -> None:
    def popularity(distribution: str) -> Counter[str]:
        mix = drawn({**OPTIONS, "distribution": distribution, "operations": 1})
        return Counter(key for each in mix for key in (*each.reads, *each.modifies))

    zipfian, uniform = popularity("zipfian"), popularity("uniform")
    assert zipfian["record.0"] > 2 * zipfian["record.3"]
    assert uniform["record.0"] < 1.5 * uniform["record.3"]


def test_a_transaction_does_its_operations_and_declares_them() -> None:
    made = candidate(3, Operations("t3", ("a",), ("b",), ("c",))).candidate
    summary = executed(made, genesis_store(pmap({KVSKey("c"): KVSDatum(4)})))
    assert made.label == label(eager=("a", "c"), will=("b", "c"))
    assert set(summary.values_read) == {"a", "c"}
    assert summary.values_written == pmap({KVSKey("b"): KVSDatum(3000), KVSKey("c"): KVSDatum(5)})


def test_a_lost_modification_is_found_where_nobody_overwrites() -> None:
    mix = (Operations("t1", (), (), ("a", "b")), Operations("t2", (), ("b",), ("a",)))
    assert raised(mix, outcome(a=2, b=0)) is None
    assert raised(mix, outcome(a=1, b=0)) is not None
