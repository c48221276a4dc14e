"""The most memory that a process has taken."""

from pathlib import Path

import pytest

from models.bench import peak as module
from models.bench.peak import peak


def grown(bytes_: int) -> int:
    """By how much the peak rises with so many bytes that are written to."""
    before = peak()
    block = bytearray(before + bytes_)
    block[::4096] = b"x" * len(block[::4096])
    return peak() - before


def test_it_rises_with_what_is_taken_and_stays() -> None:
    assert grown(1 << 26) > 1 << 25
    after = peak()
    assert peak() >= after > 1 << 23


def test_it_is_told_where_there_is_no_such_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    here = peak()
    monkeypatch.setattr(module, "_STATUS", Path("there", "is", "no", "such", "file"))
    assert here // 4 < peak() < here * 64
