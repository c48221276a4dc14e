"""How much memory the process takes, and how much it may take."""

from pathlib import Path

import psutil

_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""Where Linux says what the container of this process may take."""


def taken() -> int:
    """How many bytes of memory the process takes."""
    return int(psutil.Process().memory_info().rss)


def allowance() -> int:
    """How many bytes the process may take if nobody says so: three quarters of what there is for it."""
    available = taken() + int(psutil.virtual_memory().available)
    return min(available, _limit() or available) * 3 // 4


def _limit() -> int | None:
    """What the container may take, if there is one and it is limited."""
    try:
        return int(_LIMIT.read_text())
    except (OSError, ValueError):
        return None
