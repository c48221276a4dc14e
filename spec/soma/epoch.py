"""Epochs: certificates are valid in one epoch, and execute in that one alone."""

from typing import NewType

EpochId = NewType("EpochId", int)
"""The number of an epoch: 0, 1, 2…"""

FIRST_EPOCH = EpochId(0)
"""The epoch in which every run starts."""
