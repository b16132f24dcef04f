"""The gallery, ways to take a picture along, and the page as an app, in a real headless Chromium."""

import base64
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Locator, Page, Response, expect

from tests.bot.adapters.web.conftest import fresh_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

MAX_PAGE_BYTES = 120_000
"""Of HTML, styles, scripts and typefaces: a phone on a slow network has them in a second or two."""
MAX_PICTURES = 60
PHONE = {"width": 390, "height": 844}
SIZES = [(390, 844), (768, 1024), (1280, 800), (1920, 1080)]
SHARES = """
  window.shared = [];
  navigator.canShare = (data) => window.takesFiles && Boolean(data.files);
  navigator.share = async (data) => {
    if (window.refuses) throw new DOMException("", window.refuses);
    const files = await Promise.all((data.files ?? []).map(async (file) =>
      [file.name, file.type, await new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1]);
        reader.readAsDataURL(file);
      })]));
    window.shared.push({ ...data, files });
  };
"""
"""The system's share sheet, which a headless browser lacks."""
LETTER = "document.body.prepend(Object.assign(document.createElement('p'), { id: 'letter', contentEditable: true }))"
CLIPBOARD = """async () => {
  const [item] = await navigator.clipboard.read();
  const picture = await createImageBitmap(await item.getType("image/png"));
  return [item.types, picture.width, picture.height];
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def blank(browser: Browser, address: str) -> AsyncIterator[Page]:
    """A page that shows nothing yet."""
    async with fresh_page(browser, address) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def page(blank: Page) -> Page:
    """The page with three digits drawn: a 4, then a 7, then an 8 in ink."""
    await draw_three(blank)
    return blank


async def draw_three(page: Page) -> None:
    """Open the page with three digits drawn."""
    await page.goto("/?q=/digit 4 seed=1")
    for line in ("/digit 7 2 seed=2", "/digit 8 1 seed=3 style=ink"):
        await say(page, line)
    await expect(log(page).get_by_role("figure")).to_have_count(3)


async def test_the_gallery_shows_what_was_drawn(page: Page) -> None:
    """Pictures stand in it from the newest on; one that is pressed is seen in full with its words."""
    await open_gallery(page)
    await expect(thumbnails(page)).to_have_count(3)
    assert [await each.get_attribute("alt") for each in await thumbnails(page).get_by_role("img").all()] == [
        "1 × 8 · cGAN · seed 3 · style ink",
        "2 × 7 · cGAN · seed 2",
        "5 × 4 · cGAN · seed 1",
    ]
    await expect(shown(page)).to_contain_text("1 × 8")
    await thumbnails(page).last.click()
    await expect(shown(page)).to_have_text("5 × 4 · cGAN · seed 1")
    picture = shown(page).get_by_role("img")
    assert await picture.get_attribute("src") == await log(page).locator("figure img").first.get_attribute("src")
    assert str(await picture.get_attribute("alt")).startswith("The digit 4, handwritten 5 times.")


async def test_the_keyboard_walks_through_the_gallery(page: Page) -> None:
    """It is one stop of the Tab key; arrows, Home and End show a picture, and Escape leads back."""
    await page.get_by_role("button", name="Gallery").focus()
    await page.keyboard.press("Enter")
    for key, words in (("ArrowRight", "2 × 7"), ("End", "5 × 4"), ("ArrowRight", "1 × 8"), ("ArrowLeft", "5 × 4")):
        await page.keyboard.press(key)
        await expect(shown(page)).to_contain_text(words)
        await expect(thumbnails(page).and_(page.locator(":focus"))).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Home")
    await page.keyboard.press("Shift+Tab")
    await expect(gallery(page).get_by_role("button", name="Reuse seed")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(gallery(page)).to_be_hidden()
    await expect(page.get_by_role("button", name="Gallery")).to_be_focused()


async def test_arrows_go_where_they_point(blank: Page) -> None:
    """In a language from right to left the next picture stands at the left."""
    await blank.goto("/?lang=ar&q=/digit 4 seed=1")
    await say(blank, "/digit 7 seed=2")
    await expect(log(blank).get_by_role("figure")).to_have_count(2)
    await blank.locator("#gallery-open").click()
    buttons = blank.locator("#gallery-pictures button")
    await blank.keyboard.press("ArrowLeft")
    await expect(buttons.last).to_be_focused()
    first, last = [await each.bounding_box() for each in (buttons.first, buttons.last)]
    assert first
    assert last
    assert last["x"] < first["x"]


async def test_a_seed_from_the_gallery_is_used_again(page: Page) -> None:
    """*Reuse seed* leads to the text line of the chat, with the command for the picture that is shown."""
    await open_gallery(page)
    await thumbnails(page).last.click()
    await gallery(page).get_by_role("button", name="Reuse seed").click()
    await expect(gallery(page)).to_be_hidden()
    await expect(page.get_by_role("textbox", name="Command")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Command")).to_have_value("/digit 4 seed=1 model=cgan")


async def test_a_picture_stands_in_the_gallery_once(page: Page) -> None:
    """One that is drawn again comes forward, and a reload keeps what the conversation has."""
    await say(page, "/digit 4 seed=1")
    await expect(log(page).get_by_role("figure")).to_have_count(4)
    await open_gallery(page)
    await expect(thumbnails(page)).to_have_count(3)
    await expect(shown(page)).to_contain_text("5 × 4")
    await page.reload()
    await open_gallery(page)
    await expect(thumbnails(page)).to_have_count(3)


async def test_the_oldest_pictures_are_dropped(page: Page) -> None:
    """The gallery has a bound, so that a page which is open for a day takes no more memory than at noon."""
    await page.evaluate(
        """(count) => {
          const { reply } = document.querySelector("#gallery-pictures button");
          for (let seed = 0; seed < count; seed++) {
            const detail = { ...reply, caption: `number ${seed}`, link: `/digit/4.png?count=9&seed=${seed}` };
            document.dispatchEvent(new CustomEvent("drawn", { detail }));
          }
        }""",
        MAX_PICTURES + 1,
    )
    await open_gallery(page)
    await expect(thumbnails(page)).to_have_count(MAX_PICTURES)
    await expect(thumbnails(page).last.get_by_role("img")).to_have_attribute("alt", "number 1")


async def test_a_picture_is_shared_as_a_file(blank: Page) -> None:
    """Where the system takes files it gets the very picture under its name, and the link that shows it."""
    await blank.add_init_script(SHARES + "window.takesFiles = true;")
    await draw_three(blank)
    await log(blank).get_by_role("button", name="Share").first.click()
    await blank.wait_for_function("window.shared.length")
    (shared,) = await blank.evaluate("window.shared")
    ((name, kind, data),) = shared["files"]
    src = await log(blank).locator("figure img").first.get_attribute("src")
    assert (name, kind, f"data:{kind};base64,{data}") == ("digit-4-seed-1.png", "image/png", src)
    assert shared["title"] == "5 × 4 · cGAN · seed 1"
    assert shared["url"].endswith("/?q=/digit+4+seed%3D1+model%3Dcgan")
    await expect(log(blank).get_by_role("button", name="Copy link")).to_have_count(0)


async def test_a_link_is_shared_where_no_file_can_be(blank: Page) -> None:
    """And where the system shares nothing, the link is copied; to cancel is no error and copies nothing."""
    await blank.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await blank.add_init_script(SHARES)
    await draw_three(blank)
    share = log(blank).get_by_role("button", name="Share").first
    await share.click()
    await blank.wait_for_function("window.shared.length")
    (shared,) = await blank.evaluate("window.shared")
    assert shared["files"] == []
    await blank.evaluate("window.refuses = 'AbortError'")
    await share.click()
    await expect(share).to_have_text("Share")
    await blank.evaluate("window.refuses = 'NotAllowedError'")
    await share.click()
    await expect(log(blank).get_by_role("button", name="Link copied")).to_be_visible()
    assert await blank.evaluate("navigator.clipboard.readText()") == shared["url"]


@pytest.mark.parametrize("line", ["/digit 3 seed=4", "/morph 3 8 seed=4"])
async def test_a_picture_is_copied(page: Page, line: str) -> None:
    """*Copy picture* puts a PNG of its full size on the clipboard; of a morph its first frame."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await say(page, line)
    await expect(log(page).get_by_role("figure")).to_have_count(4)
    await log(page).get_by_role("button", name="Copy picture").last.click()
    await expect(log(page).get_by_role("button", name="Picture copied")).to_have_count(1)
    image = log(page).locator("figure img").last
    size = [int(str(await image.get_attribute(side))) for side in ("width", "height")]
    assert await page.evaluate(CLIPBOARD) == [["image/png"], *size]
    await log(page).get_by_role("button", name="Copy link").first.click()
    await expect(log(page).get_by_role("button", name="Copy picture")).to_have_count(4)


async def test_a_picture_is_copied_without_https_too(browser: Browser, address: str) -> None:
    """Over plain HTTP, where a browser offers no clipboard, it can be pasted into a letter all the same."""
    async with fresh_page(browser, address.replace("127.0.0.1", "digits.test")) as page:
        await draw_three(page)
        assert await page.evaluate("isSecureContext") is False
        await open_gallery(page)
        await gallery(page).get_by_role("button", name="Copy picture").click()
        await gallery(page).get_by_role("button", name="Picture copied").wait_for()
        src = await shown(page).get_by_role("img").get_attribute("src")
        letter = await page.context.new_page()
        await letter.evaluate(LETTER)
        await letter.locator("#letter").focus()
        await letter.keyboard.press("Control+V")
        await expect(letter.locator("#letter img")).to_have_attribute("src", str(src))


async def test_a_picture_of_the_gallery_is_saved(page: Page) -> None:
    """Under its name, from an address that the browser keeps for ever."""
    await open_gallery(page)
    async with page.expect_download() as started:
        await gallery(page).get_by_role("link", name="Download").click()
    download = await started.value
    assert download.suggested_filename == "digit-8-seed-3.png"
    data = base64.b64encode((await download.path()).read_bytes()).decode()
    assert await shown(page).get_by_role("img").get_attribute("src") == f"data:image/png;base64,{data}"
    response = await page.request.get(download.url)
    assert "immutable" in response.headers["cache-control"]


async def test_the_gallery_fits_every_window(page: Page) -> None:
    """Picture, words and buttons are seen whole, nothing scrolls sideways, and no picture moves the others."""
    await say(page, "/compare 4 seed=1")
    await expect(log(page).get_by_role("figure")).to_have_count(4)
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        await open_gallery(page)
        places = []
        for index in range(4):
            await thumbnails(page).nth(index).click()
            await expect(thumbnails(page).nth(index)).to_have_attribute("aria-pressed", "true")
            await expect(shown(page).get_by_role("img")).to_be_in_viewport(ratio=1)
            await expect(gallery(page).get_by_role("button", name="Reuse seed")).to_be_in_viewport(ratio=1)
            places.append(await thumbnails(page).first.bounding_box())
        assert places == 4 * places[:1]
        assert await page.evaluate("document.querySelector('#gallery').scrollWidth <= innerWidth")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.keyboard.press("Escape")


async def test_axe_finds_no_violation_on_a_phone(page: Page) -> None:
    """Axe-core finds nothing in pictures, an error, the pad and the gallery at 390 pixels, light or dark."""
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await say(page, "/digit 44")
    await expect(log(page).locator(".error")).to_have_count(1)
    found = await _violations(page)
    await page.get_by_role("button", name="In your hand").click()
    found += await _violations(page)
    await page.keyboard.press("Escape")
    await open_gallery(page)
    found += await _violations(page)
    assert found == 6 * [""]


async def _violations(page: Page) -> list[str]:
    """Return what axe-core finds in a light and in a dark theme."""
    found = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found.append((await Axe().run(page)).generate_snapshot())
    return found


async def test_the_page_can_be_installed(blank: Page) -> None:
    """Chromium finds a manifest without an error and nothing that keeps the page from being installed."""
    await blank.goto("/")
    session = await blank.context.new_cdp_session(blank)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    parsed = json.loads(manifest["data"])
    assert (parsed["name"], parsed["lang"], parsed["display"]) == ("Digit Bot", "en", "standalone")
    found = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    # Playwright's windows are private ones.
    assert {error["errorId"] for error in found} <= {"in-incognito"}
    for icon in parsed["icons"]:
        response = await blank.request.get(icon["src"])
        assert response.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            assert "{}x{}".format(*Image.open(io.BytesIO(await response.body())).size) == icon["sizes"]
    assert {(icon["sizes"], icon["purpose"]) for icon in parsed["icons"]} >= {
        (f"{side}x{side}", purpose) for side in (192, 512) for purpose in ("any", "maskable")
    }


async def test_an_installed_page_speaks_the_language_it_was_installed_in(blank: Page) -> None:
    """A page that was opened with a language starts with it, and its shortcuts draw something."""
    await blank.goto("/?lang=de")
    manifest = json.loads((await (await blank.context.new_cdp_session(blank)).send("Page.getAppManifest"))["data"])
    assert (manifest["lang"], manifest["start_url"]) == ("de", "./?lang=de")
    await blank.goto(manifest["shortcuts"][0]["url"])
    await expect(blank.get_by_role("log").get_by_role("figure")).to_have_count(1)
    await expect(blank.get_by_role("button", name="Nochmal")).to_be_visible()


async def test_the_page_is_light(blank: Page) -> None:
    """All that the browser loads but pictures is within the bound, uncompressed."""
    responses: list[Response] = []
    blank.on("response", lambda response: responses.append(response))
    await blank.goto("/")
    await expect(log(blank).get_by_role("figure")).to_have_count(1)
    loaded = {
        response.url: (response.request.resource_type, len(await response.body()))
        for response in responses
        if response.request.resource_type in {"document", "stylesheet", "script", "font", "manifest"}
    }
    scripts = {Path(url).name for url, (kind, _) in loaded.items() if kind == "script"}
    assert scripts >= {"chat.js", "dom.js", "gallery.js", "hand.js", "share.js"}
    assert 0 < sum(size for _, size in loaded.values()) < MAX_PAGE_BYTES


async def test_nothing_is_loaded_twice(blank: Page) -> None:
    """A second visit asks for the page alone: its styles, scripts and icons are kept."""
    await blank.goto("/")
    await expect(log(blank).get_by_role("figure")).to_have_count(1)
    again = await blank.context.new_page()
    await again.goto("/")
    await expect(log(again).get_by_role("figure")).to_have_count(1)
    sent = await again.evaluate(
        "performance.getEntriesByType('resource').map(({ name, transferSize }) => [name, transferSize])"
    )
    static = [(name, size) for name, size in sent if "/static/" in name]
    assert len(static) > 5
    assert [each for each in static if each[1]] == []


async def open_gallery(page: Page) -> None:
    """Open the gallery."""
    await page.get_by_role("button", name="Gallery").click()
    await expect(gallery(page)).to_be_visible()


async def say(page: Page, command: str) -> None:
    """Send a line."""
    await page.locator("#line").fill(command)
    await page.locator("#line").press("Enter")


def log(page: Page) -> Locator:
    """Return the conversation."""
    return page.locator("#log")


def gallery(page: Page) -> Locator:
    """Return the gallery."""
    return page.get_by_role("dialog", name="Gallery")


def thumbnails(page: Page) -> Locator:
    """Return the buttons of its pictures."""
    return gallery(page).get_by_role("toolbar", name="Pictures drawn since this page was opened").get_by_role("button")


def shown(page: Page) -> Locator:
    """Return the picture that is seen in full."""
    return gallery(page).get_by_role("figure")
