"""What the environment of the tests says, for the programs that they start."""

import os

OURS = ("PYTHON", "PYTEST", "COV", "HYPOTHESIS", "GITHUB", "CI", "BUILD_NUMBER")
"""How the names of variables begin that are about this run of the tests, and the machine of CI."""


def outer() -> dict[str, str]:
    """The variables of the environment that are not about this run of the tests."""
    return {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
