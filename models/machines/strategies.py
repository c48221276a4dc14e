"""Strategies for transactions: labels, programs of the scenario language, candidates."""

import textwrap
from functools import lru_cache

from attrs import frozen
from hypothesis import strategies as st

from models.scenario.language import compile_program
from spec.anoma.keyvalue import KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel, readable, writable

KEYS = (KVSKey("a"), KVSKey("b"), KVSKey("c"))
"""The keys that strategies choose from unless they are told others."""

NAMES = ("x", "y")
"""The names that drawn programs use; a name that is used before it is set fails the transaction."""

DEPTH = 2
"""How deep the conditions of a drawn program nest."""

LENGTH = 4
"""How many statements a block of a drawn program has at most."""


@frozen
class DrawnTransaction:
    """A transaction as people write it."""

    label: TransactionLabel
    """What it may touch."""
    text: str
    """Its program, in the scenario language."""


def candidate_of(drawn: DrawnTransaction) -> TransactionCandidate:
    """The transaction as the worker gets it."""
    return TransactionCandidate(drawn.label, compile_program(drawn.text, "drawn"))


@st.composite
def labels(draw: st.DrawFn, keys: tuple[KVSKey, ...] = KEYS) -> TransactionLabel:
    """Well-formed labels over these keys, the empty one first."""
    reads = {key: draw(st.sampled_from(("no", "eager", "lazy", "eager"))) for key in keys}
    writes = {key: draw(st.sampled_from(("no", "will", "may", "will"))) for key in keys}
    return TransactionLabel(
        _those(reads, "eager"), _those(reads, "lazy"), _those(writes, "will"), _those(writes, "may")
    )


@st.composite
def malformed_labels(draw: st.DrawFn, keys: tuple[KVSKey, ...] = KEYS) -> TransactionLabel:
    """Labels in which a key is both an eager and a lazy read, or will and may be written."""
    label = draw(labels(keys))
    both = frozenset({draw(st.sampled_from(keys))})
    if draw(st.booleans()):
        return TransactionLabel(
            label.eager_reads | both, label.lazy_reads | both, label.will_writes, label.may_writes
        )
    return TransactionLabel(
        label.eager_reads, label.lazy_reads, label.will_writes | both, label.may_writes | both
    )


@st.composite
def sources(draw: st.DrawFn, label: TransactionLabel, keys: tuple[KVSKey, ...] = KEYS) -> str:
    """Programs that mostly keep to a label; some touch other keys, divide by zero, or fail."""
    return draw(_programs(readable(label), writable(label), keys)) + "\n"


@st.composite
def transactions(draw: st.DrawFn, keys: tuple[KVSKey, ...] = KEYS) -> DrawnTransaction:
    """Transactions with well-formed labels."""
    label = draw(labels(keys))
    return DrawnTransaction(label, draw(sources(label, keys)))


def candidates(keys: tuple[KVSKey, ...] = KEYS) -> st.SearchStrategy[TransactionCandidate]:
    """The same as the worker gets them."""
    return transactions(keys).map(candidate_of)


def _those(roles: dict[KVSKey, str], role: str) -> frozenset[KVSKey]:
    return frozenset(key for key, mine in roles.items() if mine == role)


@lru_cache(maxsize=1024)
def _programs(
    reads: frozenset[KVSKey], writes: frozenset[KVSKey], keys: tuple[KVSKey, ...]
) -> st.SearchStrategy[str]:
    """Programs over these keys; remembered, as strategies take longer to make than to draw from."""
    known = _known(reads)
    values = _values(known)
    assigned = st.tuples(st.sampled_from(NAMES), values).map(" = ".join)
    kinds = [(st.just("pass"), 1), (assigned, 4), (_stray(keys), 2)]
    if reads:
        kinds.append((_key_expressions(reads).map("read({})".format), 4))
    if writes:
        written = st.tuples(_key_expressions(writes), values)
        kinds.append((written.map(lambda d: f"write({d[0]}, {d[1]})"), 12))
    simple = _weighted(*kinds)
    blocks = _blocks(values, simple, DEPTH)
    return st.tuples(_preambles(known), blocks).map("".join)


def _stray(keys: tuple[KVSKey, ...]) -> st.SearchStrategy[str]:
    """Statements that mostly fail: by their own will, by a zero, or by a key of nobody's label."""
    own = st.sampled_from(('fail("no")', "x = 1 // 0"))
    key = st.sampled_from(keys)
    return st.one_of(own, key.map('read("{}")'.format), key.map('write("{}", 1)'.format))


def _preambles(known: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Nothing, or, mostly, values for all names."""
    both = st.tuples(known, known).map(lambda d: f"x = {d[0]}\ny = {d[1]}\n")
    return _weighted((st.just(""), 1), (both, 7))


def _key_expressions(keys: frozenset[KVSKey]) -> st.SearchStrategy[str]:
    """Expressions for keys, some of which depend on what was read."""
    constant = st.sampled_from([f'"{key}"' for key in sorted(keys)])
    chosen = st.tuples(constant, st.sampled_from(NAMES), constant)
    return _weighted((constant, 4), (chosen.map(lambda d: f"{d[0]} if {d[1]} else {d[2]}"), 1))


def _known(reads: frozenset[KVSKey]) -> st.SearchStrategy[str]:
    """Integer expressions that use no names: numbers, and what stands under constant keys."""
    values = [f'read("{key}")' for key in sorted(reads)]
    return st.sampled_from(["0", "1", "2", "3", *values * 3])


def _values(known: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Integer expressions."""
    leaves = st.one_of(known, st.sampled_from(NAMES))
    pairs = st.tuples(leaves, st.sampled_from(("+", "-", "*", "+", "<")), leaves)
    return st.one_of(leaves, pairs.map(" ".join))


def _blocks(
    values: st.SearchStrategy[str], simple: st.SearchStrategy[str], depth: int
) -> st.SearchStrategy[str]:
    """Statements one below the other, simple ones mostly; conditions this deep at most."""
    statement = simple
    if depth:
        inner = _blocks(values, simple, depth - 1).map(_indented)
        statement = _weighted(
            (simple, 6),
            (st.tuples(values, inner).map(lambda d: f"if {d[0]}:\n{d[1]}"), 1),
            (
                st.tuples(values, inner, inner).map(lambda d: f"if {d[0]}:\n{d[1]}\nelse:\n{d[2]}"),
                1,
            ),
        )
    return st.lists(statement, min_size=1, max_size=LENGTH).map("\n".join)


def _indented(block: str) -> str:
    return textwrap.indent(block, "    ")


def _weighted(*weighted: tuple[st.SearchStrategy[str], int]) -> st.SearchStrategy[str]:
    """One of the strategies, each as often as its weight says; `one_of` drops those that occur twice."""
    every = tuple(strategy for strategy, weight in weighted for _ in range(weight))
    return st.sampled_from(every).flatmap(lambda chosen: chosen)
