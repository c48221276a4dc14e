"""Versions of an object in AuthorityState: each but the oldest is made once, from the one before."""

from properties.property import EngineProperty, Evidence, Kind
from properties.soma.authority import AUTHORITIES
from spec.formalism.engine import Engine
from spec.soma.authority.environment import AuthorityState
from spec.soma.certificate import TransactionDigest, Versions
from spec.soma.object import FIRST, ObjectKey, Version


def broken_chain(authority: Engine) -> Evidence | None:
    """A version that does not follow from the one before it, if there is one."""
    local: AuthorityState = authority.environment.local
    writers: dict[ObjectKey, TransactionDigest] = {}
    for digest in sorted(local.executed):
        effects = local.executed[digest]
        read = {key.object: key.version for key in effects.read}
        for key in sorted(effects.written):
            due = Version(read[key.object] + 1) if key.object in read else FIRST
            if key.version != due:
                return Evidence(f"{digest} makes {key}, and version {due} is next")
            if writers.setdefault(key, digest) != digest:
                return Evidence(f"{writers[key]} and {digest} both make {key}")
            if local.objects.get(key) != effects.written[key]:
                return Evidence(f"{digest} makes {key}, which holds something else")
    return unwritten_version(local, writers)


def unwritten_version(
    local: AuthorityState, writers: dict[ObjectKey, TransactionDigest]
) -> Evidence | None:
    """A version that is neither the first one of its object that there was nor written, if any."""
    oldest: dict[str, ObjectKey] = {}
    for key in sorted(local.objects):
        first = oldest.setdefault(key.object, key)
        before = ObjectKey(key.object, Version(key.version - 1))
        if key != first and (key not in writers or before not in local.objects):
            return Evidence(f"{key} does not follow from {before}")
    return None


VERSIONS_FORM_CHAINS = EngineProperty(
    "versions of an object form a chain", Versions.id, Kind.ALWAYS, AUTHORITIES, broken_chain
)
"""Each but the oldest was made once, by an execution that had the one before as an input."""
