"""Pictures of the conversation in a browser that are drawn again in place, and what stands beside them."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect
from yarl import URL

from bot.commands.scores import SCORES
from core.catalog import Catalog
from tests.bot.adapters.web.conftest import fresh_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page with a strip of seed 5."""
    async with fresh_page(browser, address, reduced_motion="reduce") as page:
        await page.goto("/?q=/digit 7 count=3 seed=5 style=ink")
        await expect(_figures(page)).to_have_count(1)
        yield page


async def test_a_seed_is_edited_in_place(page: Page) -> None:
    """Enter draws the same with the typed seed where it stands, and the next one can be typed at once."""
    before = await _source(page)
    await _seed(page).focus()
    for seed in ("15", "5"):
        await page.keyboard.press("Control+a")
        await page.keyboard.type(seed)
        await page.keyboard.press("Enter")
        await expect(_figures(page)).to_have_text(f"3 × 7 · cGAN · seed {seed} · style ink")
        await expect(_seed(page)).to_be_focused()
        assert (await _source(page) == before) == (seed == "5")
        assert f" seed={seed} " in URL(page.url).query["q"]
    await expect(_figures(page)).to_have_count(1)


@pytest.mark.parametrize("key", ["Escape", "Tab"])
async def test_a_seed_that_is_not_drawn_comes_back(page: Page, key: str) -> None:
    """Whoever leaves without Enter sees the seed of the picture again."""
    before = await _source(page)
    await _seed(page).fill("99")
    await _seed(page).press(key)
    await expect(_seed(page)).to_have_text("5")
    await expect(_seed(page)).not_to_be_focused()
    assert await _source(page) == before


async def test_what_is_no_seed_is_explained(page: Page) -> None:
    """The picture and its seed stay, markup stays text, and the seed can be tried again."""
    await _seed(page).fill("<b>9</b>")
    await _seed(page).press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(
        "A seed is a whole number from 0 to 4294967295, not “<b>9</b>”."
    )
    await expect(_seed(page)).to_have_text("5")
    await _seed(page).fill("8")
    await _seed(page).press("Enter")
    await expect(_figures(page)).to_contain_text("seed 8")


async def test_the_controls_keep_their_places(page: Page) -> None:
    """A comparison has no menu of models, and the other controls stay where they are."""
    controls = page.get_by_role("group", name="Change how the newest picture is drawn")
    style = controls.get_by_role("combobox", name="Style")
    for size in (PHONE, {"width": 1280, "height": 800}):
        await page.set_viewport_size(size)
        before = await style.bounding_box()
        await _say(page, "/compare 4 models=cgan,vae")
        await expect(controls.get_by_role("combobox", name="Model")).to_be_hidden()
        assert await style.bounding_box() == before
        await _say(page, "/digit 4")
        await expect(controls.get_by_role("combobox", name="Model")).to_be_visible()
        assert await style.bounding_box() == before


async def test_a_comparison_explains_each_score(page: Page, catalog: Catalog) -> None:
    """Beside the sheet stands a sentence about each score, and the value of each model; the best one is marked."""
    await page.set_viewport_size({"width": 1280, "height": 800})
    await _say(page, "/compare 4")
    sheet = _figures(page).last
    await expect(sheet.get_by_role("term")).to_have_text([str(score.title) for score in SCORES])
    for score, entry in zip(SCORES, await sheet.get_by_role("definition").all(), strict=True):
        await expect(entry).to_contain_text(str(score.sentence))
        await expect(entry.get_by_role("listitem")).to_have_text(
            [f"{model.title} {score.show(model.scores[score.key])}" for model in catalog.models]
        )
        assert await entry.locator("b").count() > 0
    await expect(sheet.get_by_text(str(SCORES[0].sentence))).to_be_in_viewport()
    assert (await Axe().run(page)).generate_snapshot() == ""


async def test_a_phone_folds_the_scores(page: Page) -> None:
    """Below a sheet as high as a phone they are one line until somebody opens them, and fit its width."""
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await _say(page, "/compare 4")
    first = page.get_by_text(str(SCORES[0].sentence))
    await expect(first).to_be_hidden()
    await page.get_by_text("What the scores say").click()
    await expect(first).to_be_visible()
    assert await page.get_by_role("log").evaluate("(log) => log.scrollWidth <= log.clientWidth")


async def test_other_pictures_have_no_scores(page: Page) -> None:
    """A strip shows one model, and compares nothing."""
    await _say(page, "/number 2026")
    await expect(_figures(page)).to_have_count(2)
    await expect(page.get_by_text(re.compile("scores"))).to_have_count(0)


def _figures(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("figure")


def _seed(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("textbox", name="Seed")


async def _source(page: Page) -> str:
    return str(await _figures(page).get_by_role("img").get_attribute("src"))


async def _say(page: Page, line: str) -> None:
    await page.get_by_role("textbox", name="Command").fill(line)
    await page.get_by_role("textbox", name="Command").press("Enter")
