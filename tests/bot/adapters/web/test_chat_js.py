"""The page in a browser: the real bot, driven in a real headless Chromium."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from bot.commands import registry
from core.catalog import Catalog
from tests import screenshot
from tests.bot.adapters.web.conftest import fresh_page, serving
from tests.bot.conftest import running
from tests.fakes import made_up_command

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONES = [(320, 568), (390, 844)]
FIVE_FOURS = re.compile(r"^The digit 4, handwritten 5 times\. .*Seed \d+\.$")
BACKGROUND = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
OVERFLOW = (
    "[...document.querySelectorAll('*')]"
    ".filter((node) => node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== 'inline')"
    ".map((node) => node.outerHTML.slice(0, 80))"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    """A running bot, the same process that an operator starts."""
    async with running() as bot:
        yield bot.address


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page with the greeting and the first strip in place."""
    async with fresh_page(browser, address) as page:
        await page.goto("/")
        await expect(_strips(page)).to_have_count(1)
        yield page


async def test_a_command_draws_a_strip(page: Page) -> None:
    """`/digit 4` shows five fours, described for people who cannot see them, with the seed that brings them back."""
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
    await expect(_log(page).get_by_role("img", name="The digit 7, handwritten 3 times.")).to_be_visible()


async def test_the_menu_draws_the_same_by_another_model(page: Page) -> None:
    """Choosing a model draws the newest picture's digit, count and seed again by that model, and the menu keeps it."""
    await _say(page, "/digit 7 count=3 seed=5")
    await expect(_strips(page)).to_have_count(2)
    await page.get_by_role("combobox", name="Model").select_option("vae")
    await expect(_strips(page).last.get_by_role("img")).to_have_attribute(
        "alt", re.compile("3 times.* VAE .* Seed 5\\.$")
    )
    await expect(_strips(page)).to_have_count(2)
    await expect(page.get_by_role("combobox", name="Model")).to_have_value("vae")
    await _pick(page, 8).click()
    await expect(
        _log(page).get_by_role("img", name="The digit 8, handwritten 3 times. Drawn by the VAE")
    ).to_be_visible()


async def test_the_controls_draw_the_same_otherwise(page: Page) -> None:
    """Style and neatness change the newest picture where it stands, whatever it is, and keep what it shows."""
    await _say(page, "/morph 3 8 seed=5")
    await expect(_strips(page)).to_have_count(2)
    await page.get_by_role("combobox", name="Style").select_option("ink")
    await expect(_strips(page).last).to_have_text(re.compile("seed 5 · style ink$"))
    await page.get_by_role("slider", name="Neat").press("ArrowRight")
    await expect(_strips(page).last).to_have_text(re.compile("^3 → 8 → 3 .*seed 5 · style ink · neat 60$"))
    await expect(page.get_by_role("slider", name="Neat")).to_have_value("60")
    await expect(page.get_by_role("status")).to_have_text("60")
    await expect(_controls(page)).to_contain_text("wild")
    await expect(_strips(page)).to_have_count(2)
    await expect(page.get_by_role("slider", name="Neat")).to_be_focused()


async def test_a_reload_keeps_the_conversation(page: Page) -> None:
    """After a reload every bubble is there as it was, redrawn ones included, and its buttons work."""
    await _say(page, "/digt 7")
    await page.get_by_role("button", name="/digit 7").click()
    await expect(_strips(page)).to_have_count(2)
    await page.get_by_role("combobox", name="Style").select_option("ink")
    await expect(_strips(page).last).to_contain_text("style ink")
    before = [await each.inner_text() for each in await _log(page).get_by_role("article").all()]
    await page.reload()
    await expect(_log(page).get_by_role("article")).to_have_count(len(before))
    assert [await each.inner_text() for each in await _log(page).get_by_role("article").all()] == before
    await expect(page.get_by_role("combobox", name="Style")).to_have_value("ink")
    await page.get_by_role("combobox", name="Style").select_option("chalk")
    await expect(_strips(page).last).not_to_contain_text("style")
    await expect(_strips(page)).to_have_count(2)


async def test_suggestions_can_be_pressed(page: Page) -> None:
    """A line that an error or the help suggests is sent when it is pressed."""
    await _say(page, "hello")
    await _log(page).get_by_role("button", name="/help", exact=True).last.click()
    await expect(_log(page)).to_contain_text("You can add:")
    await _log(page).get_by_role("button", name="/models").click()
    await expect(_log(page)).to_contain_text("cgan: cGAN (default)")


async def test_a_comparison_fits_a_small_desk(page: Page) -> None:
    """At 1280 x 800 the sheet of six models, its switches, its words and its buttons are seen without scrolling."""
    await page.set_viewport_size({"width": 1280, "height": 800})
    await _say(page, "/compare 4")
    sheet = _log(page).get_by_role("article").last
    await expect(sheet.get_by_role("img")).to_have_attribute("alt", re.compile("by 6 models"))
    await expect(sheet.get_by_role("img")).to_be_in_viewport(ratio=1)
    await expect(sheet.get_by_text("The percentage")).to_be_in_viewport(ratio=1)
    await expect(sheet.get_by_role("button", name="Reuse seed")).to_be_in_viewport(ratio=1)
    await expect(sheet.get_by_role("button", name="dense cGAN")).to_be_in_viewport(ratio=1)


async def test_axe_finds_no_violation_in_any_state(page: Page) -> None:
    """Axe-core finds nothing in a strip, a comparison, a morph, help, an error or a bot out of reach, light or dark."""
    await expect(page.get_by_role("main").get_by_role("log")).to_be_visible()
    states = {
        "/compare 4": "4 by 6 models",
        "/morph 3 8": "3 → 8 → 3",
        "/help": "You can add:",
        "/digt 4": "Did you mean",
    }
    for line, said in states.items():
        await _say(page, line)
        await expect(_log(page)).to_contain_text(said)
    # All that was said is still on the page.
    found = [("online", (await Axe().run(page)).generate_snapshot())]
    await page.emulate_media(color_scheme="dark")
    await page.context.set_offline(offline=True)
    await _say(page, "/digit 4")
    await expect(_log(page)).to_contain_text("I can't be reached")
    found.append(("offline", (await Axe().run(page)).generate_snapshot()))
    assert [each for each in found if each[1]] == []


async def test_models_can_be_taken_out_of_a_comparison_and_put_back(page: Page) -> None:
    """Each switch takes its model's row out of the sheet where it stands, or puts it back; the last one stays."""
    await _say(page, "/compare 4 seed=3 models=cgan,vae,cvae")
    sheet, switches = _strips(page).last, page.get_by_role("group", name="Models to compare")
    await expect(sheet).to_contain_text("4 by 3 models")
    for name, sentence in (("VAE", "2 models"), ("CVAE", "1 model"), ("deep CVAE", "2 models")):
        await switches.get_by_role("button", name=name, exact=True).click()
        await expect(sheet).to_contain_text(sentence)
    await expect(switches.get_by_role("button", pressed=True)).to_have_text(["cGAN", "deep CVAE"])
    await switches.get_by_role("button", name="cGAN", exact=True).press("Enter")
    await switches.get_by_role("button", name="deep CVAE").press("Enter")
    await expect(switches.get_by_role("button", pressed=True)).to_have_text(["deep CVAE"])
    await expect(sheet.get_by_role("img")).to_have_attribute(
        "alt", "The digit 4, handwritten by 1 model. From top to bottom: deep CVAE. Seed 3."
    )
    await expect(switches.get_by_role("button", name="deep CVAE")).to_be_focused()
    await expect(_strips(page)).to_have_count(2)
    assert _shared(page) == "/compare 4 seed=3 models=cvae-deep"


async def test_numbers_and_morphs_are_shown(page: Page) -> None:
    """Numbers and morphs are shown as well, and the picker goes on drawing digits."""
    for count, line in enumerate(("/number 1/2", "/morph 3 8"), start=1):
        await _say(page, line)
        await expect(_strips(page)).to_have_count(2 * count)
        drawn = _strips(page).last.get_by_role("img")
        assert await drawn.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
        await _pick(page, 7).click()
        await expect(_strips(page)).to_have_count(2 * count + 1)
        await expect(_strips(page).last.get_by_role("img", name="The digit 7, handwritten 5 times.")).to_be_visible()


async def test_a_copied_link_shows_the_same_picture(page: Page) -> None:
    """*Copy link* puts an address on the clipboard that opens with the very same picture, and says that it did."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await _say(page, "/number 20:26")
    await expect(_strips(page)).to_have_count(2)
    await page.get_by_role("button", name="Copy link").last.click()
    await expect(page.get_by_role("button", name="Link copied")).to_have_count(1)
    link = await page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    drawn = await _strips(page).last.get_by_role("img").get_attribute("src")
    await page.goto(link)
    await expect(_strips(page)).to_have_count(1)
    await expect(_strips(page).get_by_role("img")).to_have_attribute("src", str(drawn))
    assert page.url == link


async def test_only_one_link_is_said_to_be_copied(page: Page) -> None:
    """The button says what is on the clipboard: once another link is copied, the first one is offered again."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Again").click()
    await expect(_strips(page)).to_have_count(2)
    for pressed in (1, 0):
        await page.get_by_role("button", name="Copy link").last.click()
        await expect(_log(page).locator("[data-link]").nth(pressed)).to_have_text("Link copied")
    await expect(page.get_by_role("button", name="Copy link")).to_have_count(1)


async def test_a_link_is_copied_without_https_too(browser: Browser, address: str) -> None:
    """Over plain HTTP, where a browser offers no clipboard, the link is on it all the same, and no draft is lost."""
    async with fresh_page(browser, address.replace("127.0.0.1", "digits.test")) as page:
        await page.goto("/?q=/digit 4 seed=7")
        await expect(_strips(page)).to_have_count(1)
        assert await page.evaluate("isSecureContext") is False
        await _line(page).fill("/hel")
        await page.get_by_role("button", name="Copy link").click()
        await expect(page.get_by_role("button", name="Link copied")).to_be_visible()
        await expect(_line(page)).to_have_value("/hel")
        await _line(page).fill("")
        await page.keyboard.press("Control+V")
        await expect(_line(page)).to_have_value(page.url)


async def test_the_address_holds_the_newest_picture(page: Page) -> None:
    """The address says what is to be seen, seed and all, and going back leaves the page, not a picture."""
    steps = await page.evaluate("history.length")
    await _say(page, "/digit 4 count=3")
    await expect(_strips(page)).to_have_count(2)
    assert _shared(page) == f"/digit 4 count=3 seed={await _seed(_strips(page).last)} model=cgan"
    await _say(page, "/digit eleven")
    await expect(_log(page)).to_contain_text("A digit is 0 to 9")
    assert _shared(page).startswith("/digit 4 count=3 seed=")
    assert await page.evaluate("history.length") == steps


async def test_a_link_draws_first_what_it_asks_for(page: Page) -> None:
    """A link written by hand draws its line in place of the first strip; one that makes no sense is explained."""
    await page.goto("/?q=/digit%207%20count=3")
    await expect(_strips(page)).to_have_count(1)
    await expect(_strips(page).get_by_role("img")).to_have_attribute(
        "alt", re.compile("^The digit 7, handwritten 3 times")
    )
    await page.goto("/?q=<b>4</b>")
    await expect(_log(page)).to_contain_text("I don't know “<b>4</b>”")
    await expect(_strips(page)).to_have_count(0)


async def test_a_picture_is_saved_under_its_name(page: Page) -> None:
    """*Download* saves what is to be seen, *Originals* the untouched images, each under a name with its seed."""
    for count, (line, ending) in enumerate((("/number 1/2", "png"), ("/morph 3 8", "gif")), start=2):
        await _say(page, line)
        await expect(_strips(page)).to_have_count(count)
        name = re.sub("[ /]", "-", line[1:]) + f"-seed-{await _seed(_strips(page).last)}"
        for link, expected, start in (
            ("Download", f"{name}.{ending}", b"GIF" if ending == "gif" else b"\x89PNG"),
            ("Originals", f"{name}-original.zip", b"PK"),
        ):
            async with page.expect_download() as started:
                await page.get_by_role("link", name=link).last.click()
            download = await started.value
            assert download.suggested_filename == expected
            assert (await download.path()).read_bytes().startswith(start)


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
    assert [(await image.get_attribute("alt") or "").split()[2] for image in images[1:]] == ["1,", "2,", "3,"]


async def test_a_wrong_command_is_explained(page: Page) -> None:
    """A mistake gets one friendly sentence with a line that works, and the next command works too."""
    await _say(page, "/digit eleven")
    await expect(_log(page)).to_contain_text("A digit is 0 to 9, not “eleven”. Try /digit 4.")
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
    """Typed text is shown as it was typed and never becomes part of the page."""
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
    await expect(_log(page).get_by_role("img", name="The digit 1, handwritten 5 times.")).to_be_visible()
    for name in ("Reuse seed", "Originals", "Download", "Copy picture", "Copy link", "Again"):
        await page.keyboard.press("Shift+Tab")
        await expect(page.locator(":focus")).to_have_text(name)
    await expect(page.get_by_role("button", name="Again").last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(_strips(page)).to_have_count(3)


async def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    """Ten digits, a long number, a comparison, help and a word without end fit the width of a phone."""
    for line in ("/digit 8 count=10 seed=4294967295", f"/number {'8' * 20}", "/compare 4", "/about", "/help"):
        await _say(page, line)
    await _say(page, "m" * 300)
    await expect(_log(page)).to_contain_text("I don't know")
    for width, height in PHONES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate(OVERFLOW) == []


async def test_labels_and_values_of_the_controls_are_seen_whole(page: Page) -> None:
    """Model and style have visible labels, and the menu shows the longest title of a model."""
    menu = page.get_by_role("combobox", name="Model")
    for width in (320, 390, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        for name in ("Model", "Style", "Neat"):
            await expect(_controls(page).get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
        needed = await menu.evaluate(
            "(menu) => { const copy = menu.cloneNode(true); copy.style.cssText = 'position: fixed; max-width: none';"
            " menu.parentNode.append(copy); const width = copy.offsetWidth; copy.remove(); return width; }"
        )
        box = await menu.bounding_box()
        assert box
        assert box["width"] >= needed


async def test_dark_and_light(page: Page) -> None:
    """The page follows the system: light on a light one, dark on a dark one."""
    await page.emulate_media(color_scheme="light")
    light = sum(await page.evaluate(BACKGROUND))
    await page.emulate_media(color_scheme="dark")
    assert sum(await page.evaluate(BACKGROUND)) < 3 * 64 < 3 * 192 < light


async def test_a_new_command_is_at_home_on_the_page(browser: Browser, catalog: Catalog) -> None:
    """A made-up command has its button, a slider for its option, and only its own choices in the picker."""
    with registry.registered(made_up_command.COMMAND):
        async with serving(catalog) as client, fresh_page(browser, str(client.make_url("/"))) as page:
            await page.goto("/")
            await expect(_strips(page)).to_have_count(1)
            await expect(page.get_by_role("slider", name="Floors")).to_be_hidden()
            await page.get_by_role("button", name="/tower 4").click()
            await expect(_strips(page).last).to_contain_text("A tower of 3 times 4")
            await expect(_controls(page).get_by_text("Neat")).to_be_hidden()
            await page.get_by_role("slider", name="Floors").press("ArrowRight")
            await expect(_strips(page).last).to_contain_text("A tower of 4 times 4")
            await _pick(page, 8).click()
            await expect(_strips(page).last).to_contain_text("A tower of 4 times 8")
            await _pick(page, 7).click()
            await expect(_strips(page).last).to_contain_text("5 × 7")


async def test_nothing_comes_from_elsewhere(browser: Browser, address: str) -> None:
    """The page loads from the bot alone, keeps its own security policy and asks for nothing that is not there."""
    async with fresh_page(browser, address) as page:
        asked: list[str] = []
        refused: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("response", lambda response: None if response.ok else refused.append(response.url))
        response = await page.goto("/")
        assert response
        assert "default-src 'none'" in response.headers["content-security-policy"]
        await page.get_by_role("button", name="Again").click()
        await _say(page, "/about")
        await expect(_log(page)).to_contain_text("It keeps nothing")
    assert [url for url in asked if not url.startswith((f"{address}/", "data:"))] == []
    assert refused == []


async def test_the_readmes_picture_can_be_taken_again(browser: Browser, address: str, tmp_path: Path) -> None:
    """`python -m tests.screenshot` finds its way through the page, and makes a small file."""
    path = await screenshot.take(browser, address, "dark", tmp_path)
    assert 0 < path.stat().st_size <= screenshot.MAX_BYTES


def _log(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


def _controls(page: Page) -> Locator:
    return page.get_by_role("group", name="Change how the newest picture is drawn")


def _strips(page: Page) -> Locator:
    return _log(page).get_by_role("figure")


def _line(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Command")


def _pick(page: Page, digit: int) -> Locator:
    return page.get_by_role("toolbar", name="Pick a digit to draw").get_by_role("button", name=str(digit))


async def _say(page: Page, command: str) -> None:
    await _line(page).fill(command)
    await _line(page).press("Enter")


def _shared(page: Page) -> str:
    """The line that the address holds."""
    return parse_qs(urlsplit(page.url).query)["q"][0]


async def _seed(strip: Locator) -> str:
    found = re.search(r"seed (\d+)", await strip.inner_text())
    assert found
    return found[1]
