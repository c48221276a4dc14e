"""Pages of runs: complete as they are, and, in a real browser, a walk through the states."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from models.draw.folding import folds
from models.draw.html import html
from models.draw.lanes import diagram_of
from models.draw.run import Run, Shown
from models.model import World
from models.render import render
from models.traces.parts import leaves
from models.traces.subject import named
from properties.property import Kind
from spec.formalism.environment import FINISHED
from spec.formalism.state import messages

LastRun = Callable[[str, World, int], Run]
Page = Callable[[Run], "Reader"]

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
BAD = "</script><img src=x onerror=alert(1)>\n\u202e;#end \" ' \x00 ]]> &lt;"
CYCLE = (
    f"T1 -ww({BAD})-> T2: T1 wrote version 1 of {BAD}, T2 wrote the next one",
    "T2 -rw(x)-> T1: T2 read version 0 of x, T1 wrote the next one",
)
STEP = 7

in_a_browser = pytest.mark.skipif(
    BROWSER is None or DRIVER is None,
    reason="there is no browser: Debian's packages chromium and chromium-driver have it",
)


class Reader:
    """A page in a browser."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def ask(self, script: str) -> Any:
        """What a script says in the page."""
        return self.driver.execute_script(f"return {script}")

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.driver.find_element(By.TAG_NAME, "body").send_keys(*keys)

    def choose(self, name: str, value: str) -> None:
        """Choose what to see."""
        choice = self.driver.find_element(By.ID, f"of-{name}")
        choice.find_element(By.XPATH, f"option[.={json.dumps(value)}]").click()

    @property
    def steps(self) -> list[int]:
        """The steps that can be seen."""
        seen = "[...document.querySelectorAll('.act:not(.gone)')].map((each) => +each.dataset.step)"
        steps: list[int] = self.ask(seen)
        return steps

    @property
    def title(self) -> str:
        """Where the reader is."""
        return str(self.ask("document.querySelector('#step h2').textContent"))

    def complaints(self) -> list[Any]:
        """What the browser has complained about."""
        logged: list[Any] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return logged


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """A browser without a window."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for each in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture
def opened(driver: webdriver.Chrome, tmp_path: Path) -> Page:
    """How to open the page of a run."""

    def open_page(run: Run) -> Reader:
        file = tmp_path / "page.html"
        file.write_text(html(run), encoding="utf-8")
        driver.get(file.as_uri())
        return Reader(driver)

    return open_page


@pytest.fixture(scope="module")
def run(last_run: LastRun) -> Run:
    """A run of two transactions, of which something is said to be broken."""
    run = last_run("transfer", named("transfer").world, 60)
    return evolve(run, shown=(Shown(STEP, "no cycle", "r", Kind.ALWAYS, "a cycle", CYCLE),))


class Loads(HTMLParser):
    """What a page would load, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what could be loaded, or could act."""
        self.found += [
            (tag, value) for key, value in attrs if key in ("src", "href", "srcset", "action")
        ]
        self.found += [(tag, key) for key, _ in attrs if key.startswith("on")]
        self.found += [(tag, None)] if tag in ("link", "img", "iframe", "object", "base") else []


@pytest.mark.parametrize("text", ["", BAD], ids=["plain", "hostile"])
def test_a_page_loads_nothing_and_lets_nothing_act(hostile: Run, text: str) -> None:
    shown = Shown(5, text, text, Kind.AT_REST, text, CYCLE)
    page = html(evolve(hostile, name=text, shown=(shown,), notes=(text,)))
    reader = Loads()
    reader.feed(page)
    assert reader.found == []
    assert len(re.findall("<script", page)) == len(re.findall("</script", page)) == 2
    assert "default-src &#x27;none&#x27;" in page
    assert [
        line for line in page.splitlines() if "http://" in line and "www.w3.org" not in line
    ] == []


def test_a_page_says_what_is_broken_without_scripts(run: Run) -> None:
    page = html(run)
    assert f"broken after step {STEP} (always, r): no cycle" in page
    assert "a cycle" in page
    assert page.count('class="edge"') == 2


@in_a_browser
def test_a_page_opens_where_it_is_broken_and_nothing_is_complained_about(
    opened: Page, run: Run
) -> None:
    page = opened(run)
    assert page.title == f"Step {STEP}"
    assert page.steps == list(range(1, len(run.steps) + 1))
    assert page.complaints() == []


@in_a_browser
def test_a_click_on_a_step_tells_it_and_what_it_changed(opened: Page, run: Run) -> None:
    page = opened(run)
    step = run.steps[2]
    page.driver.find_element(By.CSS_SELECTOR, '[data-step="3"] .row').click()
    told = page.ask("document.getElementById('step').innerText")
    assert page.title == "Step 3"
    assert step.event in told
    assert all(str(change) in told for change in step.changes)
    assert all(rule in told for rule in step.rules)


@in_a_browser
def test_keys_and_the_slider_walk_through_the_states(opened: Page, run: Run) -> None:
    page = opened(run)
    for keys, title in (
        ((Keys.HOME,), "The start"),
        ((Keys.ARROW_RIGHT, Keys.ARROW_RIGHT), "Step 2"),
        ((Keys.PAGE_DOWN,), "Step 12"),
        ((Keys.ARROW_LEFT,), "Step 11"),
        ((Keys.END, Keys.ARROW_RIGHT), f"Step {len(run.steps)}"),
        (("b",), f"Step {STEP}"),
    ):
        page.press(*keys)
        assert page.title == title
    page.ask("(slider.value = 4, slider.dispatchEvent(new Event('input')))")
    assert page.title == "Step 4"


@in_a_browser
def test_the_state_after_each_step_is_that_of_the_run(opened: Page, run: Run) -> None:
    page = opened(run)
    page.press(Keys.HOME)
    script = (
        "Object.fromEntries([...document.querySelectorAll('#state details')].map((each) =>"
        " [each.querySelector('summary').firstChild.data,"
        " [...each.querySelectorAll('li')].map((line) => line.textContent)]))"
    )
    for state in run.states[:12]:
        told = page.ask(script)
        assert set(told) == {str(name) for name in state.engines}
        for name, engine in state.engines.items():
            local = engine.environment.local
            expected = ["Finished"] if local == FINISHED else list(leaves("", local))
            assert told[str(name)][: len(expected)] == expected
        mail = "[...document.querySelectorAll('#state > ul li')].map((each) => each.textContent)"
        there = messages(run.world.system.discipline, state)
        assert sorted(page.ask(mail)) == sorted(map(render, there))
        page.press(Keys.ARROW_RIGHT)


@in_a_browser
def test_filters_leave_the_steps_that_are_about_what_is_asked_for(opened: Page, run: Run) -> None:
    page = opened(run)
    acts = diagram_of(run).acts
    [one, *_] = sorted({name for act in acts for name in act.topics.transactions})
    page.choose("transaction", one)
    assert page.steps == [act.step for act in acts if one in act.topics.transactions]
    [key, *_] = sorted({name for act in acts for name in act.topics.keys})
    page.choose("key", key)
    about = [act for act in acts if one in act.topics.transactions and key in act.topics.keys]
    assert page.steps == [act.step for act in about]
    page.press(Keys.HOME, Keys.ARROW_RIGHT)
    assert page.title == f"Step {about[0].step}"
    page.driver.find_element(By.ID, "unfold").click()
    assert page.steps == [act.step for act in acts]
    page.choose("engine", "worker")
    assert {f"executor.{number}" for number in (1, 2)} < set(
        page.ask("run.lanes.map((each) => each.name)")
    )
    assert 0 < len(page.steps) < len(acts)
    assert page.complaints() == []


@in_a_browser
def test_a_long_run_is_folded_and_a_click_unfolds_it(opened: Page, last_run: LastRun) -> None:
    world = named("two-phase-commit", {"resource_managers": 2}).world
    page = opened(last_run("long", world, 300))
    [fold] = folds(300)
    drawn = [*range(1, fold.first), *range(fold.last + 1, 301)]
    assert page.steps == drawn
    assert page.ask("document.querySelector('.bar text').textContent").strip("⋮ ") == (
        f"{len(fold)} steps folded: {fold.first} to {fold.last}"
    )
    page.press(Keys.HOME)
    page.ask("document.querySelector('.bar').dispatchEvent(new Event('click'))")
    assert page.steps == list(range(1, 301))
    assert page.complaints() == []


@in_a_browser
def test_names_and_evidence_stand_in_the_page_as_they_are(opened: Page, hostile: Run) -> None:
    shown = Shown(5, BAD, BAD, Kind.AT_REST, BAD, CYCLE)
    page = opened(evolve(hostile, shown=(shown,), notes=(BAD,)))
    assert page.ask("document.querySelectorAll('img, b, a').length") == 0
    name = diagram_of(hostile).lanes[0].name
    assert page.ask("document.querySelector('#of-engine').options[1].value") == name
    assert page.ask("document.querySelector('#evidence p').textContent") == (
        "</script><img src=x onerror=alert(1)>\\n\\u202e;#end \" ' \\x00 ]]> &lt;"
    )
    page.choose("engine", "worker")
    page.press("u", Keys.HOME, Keys.END)
    assert page.title == f"Step {len(hostile.steps)}"
    assert page.complaints() == []


@in_a_browser
def test_a_narrow_screen_shows_all_of_it_and_print_leaves_out_the_controls(
    opened: Page, run: Run
) -> None:
    page = opened(run)
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    widths = page.ask(
        "['scrollWidth', 'clientWidth'].map((each) => document.documentElement[each])"
    )
    assert widths[0] == widths[1] <= 390
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = "['controls', 'panel', 'keys'].map((id) => getComputedStyle(document.getElementById(id)).display)"
    assert page.ask(hidden) == ["none"] * 3
    assert page.ask("getComputedStyle(document.getElementById('evidence')).display") == "block"
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
