"""Nock formulas as transaction programs, with gas for the whole transaction.

Source: the public page on the Nockma Runnable. The formula is run once for each input, against the
subject [state key value], and gives [state requests], where the requests are a list that ends in 0:
an atom asks for the value of a key, a cell [key value] writes. Departures from the page:

- The first input is a start. Its subject is [0 0 keys]: the state before it is 0, the key is 0,
  and the value is the list of the eager keys, which ends in 0. The page runs on reads only, so
  that a program without reads would never run.
- A key is a cord, the atom whose bytes, least first, are its UTF-8 text; an atom that is none is a
  malformed request. On the page keys are numbers.
- Write requests are recognised. The page's parser takes requests that are atoms, and ends the list
  without a word at the first that is a cell.
- A malformed result, request or list is a failure. The page skips or cuts off what it cannot read.
- The state may be any noun. The page refuses a cell there, and then a program can hardly remember.
- What a run gives costs 1 for each cell and each full word (64 bits) of an atom: it is kept,
  compared and digested, and sharing could make it exponentially larger than the gas that built it.
- Without gas a program fails. The page counts it as halted, which would commit half its work.
- A negative value is no atom, so reading one is a failure. The page's values are natural numbers.
- Opcode 12 always crashes: reads go through the executor, so that they obey the label. The page's
  own starting state has an empty storage too.
"""

from attrs import evolve, field, frozen

from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.nock import Crash, OutOfGas, no_scry, nock
from spec.anoma.noun import (
    Noun,
    NounText,
    canonical,
    chain,
    cord,
    cord_text,
    read_noun,
    weight,
    write_noun,
)
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    Failure,
    FailureKind,
    Input,
    Output,
    ReadRequest,
    Runnable,
    Start,
    WriteRequest,
)

EXIT = 1702390132
"""The state of a program that has halted: the page's number, "exit" with its bytes most first."""


@frozen
class NockmaState:
    """What a Nock program carries from one input to the next."""

    noun: NounText
    """The program's own state."""
    gas: int
    """The gas left; 0 once it has halted, since it no longer matters."""
    waiting: tuple[KVSKey, ...] = ()
    """The keys whose values it still takes, next first; none once it has halted."""


def _failed(text: str) -> Failure:
    return Failure(FailureKind.FAIL, f"nock: {text}")


_NO_RESULT = _failed("the result is not [state requests]")
_NO_REQUEST = _failed("malformed request")
_NO_LIST = _failed("the requests do not end in 0")
_NOT_AWAITED = _failed("a value that it does not wait for")
_OUT_OF_GAS = Failure(FailureKind.OUT_OF_GAS)


def event(given: Input) -> Noun | Failure:
    """The pair [key value] of the subject, or why the input has none."""
    if isinstance(given, Start):
        keys = [cord(key) for key in given.eager_reads]
        known = [key for key in keys if key is not None]
        if len(known) < len(keys):
            return _failed("a key is not a cord")
        return 0, chain([*known, 0])
    key = cord(given.key)
    if key is None:
        return _failed("a key is not a cord")
    if given.datum < 0:
        return _failed(f"the value of {given.key} is negative")
    return key, given.datum


def request(noun: Noun) -> Output | None:
    """The request that a noun stands for, or nothing."""
    key = noun if isinstance(noun, int) else noun[0]
    name = cord_text(key) if isinstance(key, int) else None
    if name is None:
        return None
    if isinstance(noun, int):
        return ReadRequest(KVSKey(name))
    return WriteRequest(KVSKey(name), KVSDatum(noun[1])) if isinstance(noun[1], int) else None


def requests(listed: Noun) -> tuple[tuple[Output, ...], Failure | None]:
    """The requests of a list up to its end, or up to what is malformed and why it is."""
    found: list[Output] = []
    rest = listed
    while isinstance(rest, tuple):
        head, rest = rest
        output = request(head)
        if output is None:
            return tuple(found), _NO_REQUEST
        found.append(output)
    return tuple(found), None if rest == 0 else _NO_LIST


@frozen
class Nockma(Runnable[NockmaState]):
    """A Nock formula as a program."""

    formula: NounText = field(converter=canonical)
    """The formula, as the text of a noun; a ValueError says where it is none."""
    gas: int
    """The gas for the whole transaction."""

    def starting_state(self) -> NockmaState:
        """The state 0, all the gas, and nothing to wait for."""
        return NockmaState(write_noun(0), self.gas)

    def execute_step(self, state: NockmaState, given: Input) -> Advanced[NockmaState] | Aborted:
        """Run the formula on one input: eager keys come first, then what it asked for, in order."""
        if isinstance(given, Start):
            return self._run(evolve(state, waiting=given.eager_reads), event(given))
        if self.awaits(state) != given.key:
            return Aborted(_NOT_AWAITED)
        return self._run(evolve(state, waiting=state.waiting[1:]), event(given))

    def _run(self, state: NockmaState, given: Noun | Failure) -> Advanced[NockmaState] | Aborted:
        """The state and requests after one run of the formula, or why it failed."""
        if isinstance(given, Failure):
            return Aborted(given)
        subject = (read_noun(state.noun), given)
        outcome = nock(subject, read_noun(self.formula), state.gas, no_scry)
        if isinstance(outcome, Crash):
            return Aborted(_failed(outcome.value))
        if isinstance(outcome, OutOfGas):
            return Aborted(_OUT_OF_GAS)
        left = outcome.gas_left - weight(outcome.noun, outcome.gas_left)
        return Aborted(_OUT_OF_GAS) if left < 0 else _after(state.waiting, outcome.noun, left)

    def halted(self, state: NockmaState) -> bool:
        """Whether its state is the exit state."""
        return state.noun == str(EXIT)

    def awaits(self, state: NockmaState) -> KVSKey | None:
        """The first of the keys that it waits for."""
        return state.waiting[0] if state.waiting else None


def _after(waiting: tuple[KVSKey, ...], result: Noun, gas: int) -> Advanced[NockmaState] | Aborted:
    """What the result of a run says, for a program that waits for these keys already."""
    if isinstance(result, int):
        return Aborted(_NO_RESULT)
    noun, listed = result
    outputs, failure = requests(listed)
    if failure is not None:
        return Aborted(failure, outputs)
    if noun == EXIT:
        return Advanced(NockmaState(write_noun(EXIT), 0), outputs)
    asked = tuple(output.key for output in outputs if isinstance(output, ReadRequest))
    return Advanced(NockmaState(write_noun(noun), gas, waiting + asked), outputs)
