"""How much memory there is follows from the machine and from its container."""

from pathlib import Path

import psutil
import pytest

from models.search import memory


def available() -> int:
    return int(psutil.virtual_memory().available)


def test_what_is_taken_grows_with_what_is_held() -> None:
    before = memory.taken()
    held = bytearray(b"x") * (64 << 20)
    assert memory.taken() - before > len(held) // 2


@pytest.mark.parametrize("text", ["max\n", None], ids=["unlimited", "no container"])
def test_three_quarters_of_the_machine_where_no_container_limits_it(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    if text is not None:
        limit.write_text(text)
    monkeypatch.setattr(memory, "_LIMIT", limit)
    assert available() // 2 < memory.allowance() < memory.taken() + available()


def test_three_quarters_of_what_the_container_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("1000\n")
    monkeypatch.setattr(memory, "_LIMIT", limit)
    assert memory.allowance() == 750
