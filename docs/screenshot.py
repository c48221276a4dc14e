"""The picture of the full screen in the manual, made from the screen itself.

python -m docs.screenshot         write it anew
"""

import asyncio
import re
from pathlib import Path

from models.stepper.opening import open_session
from models.stepper.screen import Stepper

PICTURE = Path(__file__).resolve().parent / "_static" / "stepper.svg"
"""Where the picture is."""

SIZE = (112, 34)
"""How many columns and rows it shows."""

ELSEWHERE = re.compile(r"@font-face \{.*?\}|<!--.*?-->", re.DOTALL)
"""The fonts that a picture would fetch from elsewhere, and what else it says of that."""


async def drawn() -> str:
    """The picture: the counter after some steps, on the second of two branches."""
    session = open_session("counter")
    session.random(8, seed=3)
    session.back(2)
    session.choose(len(session.enabled()))
    app = Stepper(session)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        await pilot.pause()
        picture = ELSEWHERE.sub("", app.export_screenshot(title="treadle step counter"))
    return "".join(f"{line.rstrip()}\n" for line in picture.splitlines() if line.strip())


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(asyncio.run(drawn()), encoding="utf-8")


if __name__ == "__main__":
    main()
