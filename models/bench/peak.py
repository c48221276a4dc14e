"""The most memory that this process has ever taken."""

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
"""Where Linux says what the process takes, whatever the process that has started it took."""

_FIELD = "VmHWM:"
"""What the greatest resident size is called there."""

_KIBI = 1024


def peak() -> int:
    """How many bytes the process has taken at most until now.

    What `getrusage` says includes, on Linux, what the process that started this one had at that moment.
    """
    try:
        lines = _STATUS.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    sizes = [int(line.split()[1]) * _KIBI for line in lines if line.startswith(_FIELD)]
    return sizes[0] if sizes else _usage()


def _usage() -> int:
    """The same as the system counts it for all processes: in bytes on macOS, else in KiB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * _KIBI
