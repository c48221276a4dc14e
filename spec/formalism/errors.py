"""The errors of the formalism: uses of it that no model should make."""


class FormalismError(Exception):
    """A use of the formalism that is not one: a defect of the caller, never of a run."""


class NotEnabledError(FormalismError):
    """An event was stepped that the state does not offer."""


class UnknownFamilyError(FormalismError):
    """An engine or a spawn names a family that the system does not have."""


class UnknownRuleError(FormalismError):
    """A rule was to be replaced that the family does not have."""
