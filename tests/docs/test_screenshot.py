"""The picture of the screen in the manual shows the screen as it is."""

import asyncio
import re

from docs.screenshot import PICTURE, drawn


def words(picture: str) -> list[str]:
    """What can be read in a picture."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture)


def test_the_picture_says_what_the_screen_says() -> None:
    kept = PICTURE.read_text(encoding="utf-8")
    assert words(kept) == words(asyncio.run(drawn()))
    assert "branch-2" in "".join(words(kept))


def test_the_picture_fetches_nothing() -> None:
    assert set(re.findall(r"https?:[^\"]*", PICTURE.read_text(encoding="utf-8"))) == {
        "http://www.w3.org/2000/svg"
    }
