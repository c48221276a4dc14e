"""Nominal types as CrossHair can make values of them: it knows no NewType, so it gets what is below."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
    from spec.formalism.message import Time
    from spec.formalism.rule import RuleId
    from spec.soma.channel import Place
    from spec.soma.epoch import EpochId
    from spec.soma.object import Version
    from spec.voting.messages import Choice
else:
    EpochId = KVSDatum = Place = Time = TxFingerprint = Version = int
    Choice = KVSKey = RuleId = int

__all__ = [
    "Choice",
    "EpochId",
    "KVSDatum",
    "KVSKey",
    "Place",
    "RuleId",
    "Time",
    "TxFingerprint",
    "Version",
]
