"""The page as a person meets it: the real bot, driven in a real headless Chromium."""

import os
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.bot.conftest import running

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = (390, 844)
FIVE_FOURS = re.compile(r"^Five handwritten fours, .*seed \d+$")
BACKGROUND = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
OVERFLOW = (
    "[...document.querySelectorAll('*')]"
    ".filter((node) => node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== 'inline')"
    ".map((node) => node.outerHTML.slice(0, 80))"
)

# A busy machine is slow, not broken; an answer that is there is never waited for.
expect.set_options(timeout=30_000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    """A running bot, the same process that an operator starts."""
    async with running() as bot:
        yield bot.address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium without traffic of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page in a fresh session, greeting and first strip in place."""
    context = await browser.new_context(base_url=address, accept_downloads=True)
    page = await context.new_page()
    await page.goto("/")
    await expect(_strips(page)).to_have_count(1)
    yield page
    await context.close()


async def test_a_command_draws_a_strip(page: Page) -> None:
    """`/digit 4` shows five fours with a description for who can't see them and the seed for who wants them back."""
    await _say(page, "/digit 4")
    await expect(_strips(page)).to_have_count(2)
    strip = _strips(page).last
    await expect(strip.get_by_role("img")).to_have_attribute("alt", FIVE_FOURS)
    await expect(strip).to_have_text(re.compile(r"seed \d+$"))
    assert await strip.get_by_role("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0


async def test_focus_stays_in_the_text_line(page: Page) -> None:
    """After a command the next one can be typed at once, and the answer is in view without scrolling."""
    for _ in range(3):
        await _say(page, "/digit 4 count=1")
    await expect(_strips(page)).to_have_count(4)
    await expect(_line(page)).to_be_focused()
    await expect(_line(page)).to_have_value("")
    await expect(page.get_by_role("button", name="Reuse seed").last).to_be_in_viewport(ratio=1)


async def test_again_draws_another_strip(page: Page) -> None:
    """*Again* gives a strip of the same digit that is not the one before."""
    await page.get_by_role("button", name="Again").click()
    await expect(_strips(page)).to_have_count(2)
    await expect(_strips(page).last.get_by_role("img")).to_have_attribute("alt", FIVE_FOURS)
    first, second = [await strip.get_by_role("img").get_attribute("src") for strip in await _strips(page).all()]
    assert first != second
    assert await _seed(_strips(page).first) != await _seed(_strips(page).last)


async def test_the_picker_draws_the_digit_picked(page: Page) -> None:
    """A digit of the picker is drawn, as many times as the strip before it."""
    await _say(page, "/digit 4 count=3")
    await expect(_strips(page)).to_have_count(2)
    await _pick(page, 7).click()
    await expect(_log(page).get_by_role("img", name="Three handwritten sevens")).to_be_visible()


async def test_the_menu_draws_the_same_by_another_model(page: Page) -> None:
    """Choosing a model draws the newest picture's digit, count and seed again by that model, and the menu keeps it."""
    await _say(page, "/digit 7 count=3 seed=5")
    await expect(_strips(page)).to_have_count(2)
    await page.get_by_role("combobox").select_option("vae")
    await expect(_strips(page)).to_have_count(3)
    await expect(_strips(page).last.get_by_role("img")).to_have_attribute("alt", re.compile("Three .* VAE .*, seed 5$"))
    await expect(page.get_by_role("combobox")).to_have_value("vae")
    await _pick(page, 8).click()
    await expect(_log(page).get_by_role("img", name="Three handwritten eights, drawn by the VAE")).to_be_visible()


async def test_originals_are_a_file_named_after_the_strip(page: Page) -> None:
    """*Originals* saves the untouched pixels under a name that tells which strip they belong to."""
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Originals").click()
    download = await started.value
    assert re.fullmatch(rf"digit-4-.*seed-{await _seed(_strips(page).last)}-.*\.png", download.suggested_filename)
    assert (await download.path()).read_bytes().startswith(b"\x89PNG")


async def test_a_seed_can_be_reused(page: Page) -> None:
    """*Reuse seed* puts a command into the text line that draws the very same strip."""
    await page.get_by_role("button", name="Reuse seed").click()
    await expect(_line(page)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(_strips(page)).to_have_count(2)
    first, second = [await strip.get_by_role("img").get_attribute("src") for strip in await _strips(page).all()]
    assert first == second


async def test_a_burst_is_answered_in_order(page: Page) -> None:
    """Commands sent without waiting are answered in the order in which they were sent."""
    for digit in ("one", "two", "three"):
        await _say(page, f"/digit {digit} count=1")
    await expect(_strips(page)).to_have_count(4)
    images = await _log(page).get_by_role("img").all()
    assert [(await image.get_attribute("alt") or "").split()[2] for image in images[1:]] == ["one,", "two,", "three,"]


async def test_a_wrong_command_is_explained(page: Page) -> None:
    """A mistake gets one friendly sentence with a line that works, and the next command works too."""
    await _say(page, "/digit eleven")
    await expect(_log(page)).to_contain_text("“eleven” is no digit from 0 to 9. Try /digit 4.")
    await _say(page, "/digit 4")
    await expect(_strips(page)).to_have_count(2)


async def test_a_bot_out_of_reach_is_explained(page: Page) -> None:
    """Without a network the page says so in a sentence, and goes on once there is one again."""
    await page.context.set_offline(offline=True)
    await _say(page, "/digit 4")
    await expect(_log(page)).to_contain_text("I can't be reached right now. Please try again in a moment.")
    await page.context.set_offline(offline=False)
    await _say(page, "/digit 4")
    await expect(_strips(page)).to_have_count(2)


async def test_markup_stays_text(page: Page) -> None:
    """What a person types is shown as it was typed and never becomes part of the page."""
    await _say(page, "<b>4</b>")
    await expect(_log(page)).to_contain_text("<b>4</b>")
    await expect(_log(page).locator("b")).to_have_count(0)


async def test_arrow_keys_walk_the_history(page: Page) -> None:
    """Arrow up brings back what was sent, even after a reload; arrow down returns to the line being typed."""
    await _say(page, "/digit 1")
    await _say(page, "/digit 2")
    await page.reload()
    await _line(page).fill("/hel")
    for key, line in (
        ("ArrowUp", "/digit 2"),
        ("ArrowUp", "/digit 1"),
        ("ArrowUp", "/digit 1"),
        ("ArrowDown", "/digit 2"),
        ("ArrowDown", "/hel"),
    ):
        await _line(page).press(key)
        await expect(_line(page)).to_have_value(line)


async def test_the_keyboard_is_enough(page: Page) -> None:
    """Tab reaches *Again* and the picker from the text line, arrows walk the picker, and Enter presses."""
    await expect(_line(page)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("ArrowRight")
    await expect(_pick(page, 1)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(_log(page).get_by_role("img", name="Five handwritten ones")).to_be_visible()
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Again").last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(_strips(page)).to_have_count(3)


async def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    """Ten digits, help and a word without end fit the width of a phone."""
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await _say(page, "/digit 8 count=10 seed=4294967295")
    await _say(page, "/help")
    await _say(page, "m" * 300)
    await expect(_log(page)).to_contain_text("I don't know")
    assert await page.evaluate(OVERFLOW) == []


async def test_dark_and_light(page: Page) -> None:
    """The page follows the system: light on a light one, dark on a dark one."""
    await page.emulate_media(color_scheme="light")
    light = sum(await page.evaluate(BACKGROUND))
    await page.emulate_media(color_scheme="dark")
    assert sum(await page.evaluate(BACKGROUND)) < 3 * 64 < 3 * 192 < light


async def test_nothing_comes_from_elsewhere(browser: Browser, address: str) -> None:
    """The page loads from the bot alone, keeps its own security policy and reports no error."""
    async with await browser.new_context(base_url=address) as context:
        page = await context.new_page()
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        response = await page.goto("/")
        assert response
        assert "default-src 'none'" in response.headers["content-security-policy"]
        await page.get_by_role("button", name="Again").click()
        await _say(page, "/about")
        await expect(_log(page)).to_contain_text("It keeps nothing")
    assert [url for url in asked if not url.startswith((f"{address}/", "data:"))] == []
    assert errors == []


def _log(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


def _strips(page: Page) -> Locator:
    return _log(page).get_by_role("figure")


def _line(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Command")


def _pick(page: Page, digit: int) -> Locator:
    return page.get_by_role("toolbar", name="Pick a digit to draw").get_by_role("button", name=str(digit))


async def _say(page: Page, command: str) -> None:
    await _line(page).fill(command)
    await _line(page).press("Enter")


async def _seed(strip: Locator) -> str:
    found = re.search(r"seed (\d+)", await strip.inner_text())
    assert found
    return found[1]
