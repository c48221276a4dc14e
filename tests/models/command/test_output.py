"""What a verb makes is written whole, or refused in one line."""

import os
from pathlib import Path

import pytest

from models.command.output import write
from models.errors import InputError


def test_a_text_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    write("a\u00e4\n", None)
    assert capsys.readouterr().out == "a\u00e4\n"


def test_a_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("something longer", encoding="utf-8")
    write("\u00e4\udc80\n", file)
    assert file.read_bytes() == b"\xc3\xa4\\udc80\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write("x", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"x"


def test_what_is_no_file_keeps_its_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write("x\n", pipe)
    assert os.read(reader, 10) == b"x\n"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["no/file", ".", "a\0b"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="it cannot be written: "):
        write("x", tmp_path / name)
