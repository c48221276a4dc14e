"""How published defects are put down."""

from functools import partial

from models.twins.twin import Twin, TwinKind
from spec.formalism.rule import Source, Text

published = partial(Twin, TwinKind.PUBLISHED)
"""The twin of a defect of the published text."""


def nspec(passage: str) -> Source:
    """A passage of the published text."""
    return Source(Text.NSPEC, passage)
