"""Executors that write as their programs go, as the published text has them."""

from typing import Any

from attrs import evolve
from pyrsistent import PMap, pmap

from models.twins.amend import with_both
from spec.anoma.executor.behaviour import RequestLazyReads
from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import ExecutorEnv, ExecutorState, Running, requested
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.placement import shard_of
from spec.anoma.shard.messages import KVSWrite
from spec.formalism.environment import Effect
from spec.formalism.message import Send, Trigger


def written_in(state: ExecutorState) -> PMap[KVSKey, KVSDatum]:
    """What the program has written so far."""
    return state.written if isinstance(state, Running) else pmap()


def state_before(_trigger: Trigger, _configuration: Any, environment: ExecutorEnv) -> ExecutorState:
    """What the executor knew before the step."""
    return environment.local


def _writing_as_it_goes(
    before: ExecutorState,
    trigger: Trigger,
    configuration: ExecutorConfiguration,
    environment: ExecutorEnv,
) -> Effect[ExecutorState]:
    """What the program writes goes to its shard at once."""
    run = environment.local
    effect = RequestLazyReads.action(requested(before), trigger, configuration, environment)
    if not isinstance(run, Running):
        return effect
    known, at = written_in(before), run.transaction.fingerprint
    writes = tuple(
        Send(shard_of(configuration.placement, key), KVSWrite(at, key, run.written[key]))
        for key in sorted(run.written)
        if known.get(key) != run.written[key]
    )
    return evolve(effect, sends=(*effect.sends, *writes))


WRITING_AS_IT_GOES = with_both(RequestLazyReads, state_before, _writing_as_it_goes)
"""The rule that sends what the program writes at once, beside the lazy reads that it asks for."""
