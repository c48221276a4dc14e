"""Memory that two processes share, for values that are passed from one to the other.

It has no name, so nothing of it is left behind when both processes are gone, however they went.
"""

import mmap
import os
import pickle
import tempfile
from typing import Any

_WORD = 8
"""How many bytes a size takes."""


class Slot:
    """A place for one value at a time; arrays in it are copied as they lie in memory."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._memory: mmap.mmap | None = None

    def put(self, value: object) -> None:
        """Let a value be in it."""
        buffers: list[pickle.PickleBuffer] = []
        body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        blocks = [memoryview(body), *(each.raw() for each in buffers)]
        sizes = [len(blocks), *(len(block) for block in blocks)]
        head = b"".join(size.to_bytes(_WORD, "little") for size in sizes)
        memory, place = self._reaching(len(head) + sum(sizes[1:])), 0
        for block in (memoryview(head), *blocks):
            memory[place : place + len(block)] = block
            place += len(block)

    def get(self) -> Any:
        """The value that is in it."""
        memory = self._reaching(os.fstat(self._descriptor).st_size)
        number = int.from_bytes(memory[:_WORD], "little")
        start = _WORD * (number + 1)
        blocks: list[bytearray] = []
        for each in range(1, number + 1):
            size = int.from_bytes(memory[_WORD * each : _WORD * (each + 1)], "little")
            blocks.append(bytearray(memoryview(memory)[start : start + size]))
            start += size
        return pickle.loads(blocks[0], buffers=blocks[1:])  # noqa: S301  # from a process of ours

    def close(self) -> None:
        """Give the memory back."""
        if self._memory is not None:
            self._memory.close()
        os.close(self._descriptor)

    def _reaching(self, size: int) -> mmap.mmap:
        """The memory, with room for so many bytes."""
        if self._memory is None or len(self._memory) < size:
            if self._memory is not None:
                self._memory.close()
            whole = max(size, os.fstat(self._descriptor).st_size, mmap.PAGESIZE)
            os.ftruncate(self._descriptor, whole)
            self._memory = mmap.mmap(self._descriptor, whole)
        return self._memory


def new_descriptor() -> int:
    """A file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("treadle")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
