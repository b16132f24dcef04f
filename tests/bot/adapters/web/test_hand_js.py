"""The pad in a browser: what is written on it is read, and answered in the same hand."""

import asyncio
import base64
import io
import re
from collections.abc import AsyncIterator, Iterable

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FileChooser, Locator, Page, expect
from yarl import URL

from bot.commands import parser
from bot.conversation import urls
from bot.conversation.photos import PHOTO_COST
from core.catalog import Catalog
from core.pictures.base import PictureRequest
from core.pictures.number import NumberRequest
from core.pictures.strip import StripRequest
from tests.bot.adapters.web.conftest import appeared, fresh_page, serving
from tests.core.imaging.test_scanning import STROKES, drawn, file_of, text

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = (390, 844)
PASTE_OR_DROP = """([element, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "note", { type }));
  const options = { bubbles: true, cancelable: true, clipboardData: transfer, dataTransfer: transfer };
  element.dispatchEvent(name === "paste" ? new ClipboardEvent(name, options) : new DragEvent(name, options));
}"""
OVERFLOW = (
    "[...document.querySelectorAll('#hand, #hand div, #hand section, #hand label, #hand figure, footer, form')]"
    ".filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.outerHTML.slice(0, 80))"
)
Points = Iterable[tuple[float, float]]


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page with the pad open."""
    async with fresh_page(browser, address, has_touch=True) as page:
        await page.goto("/")
        await _open(page)
        yield page


async def test_a_drawn_four_is_answered_in_its_hand(page: Page) -> None:
    """A bold 4 that leans to the right and a fine one that leans to the left: strip and number follow, as measured."""
    pens = []
    for lean, width in ((-0.5, 60), (0.3, 14)):
        await page.get_by_role("slider", name="Pen").fill(str(width))
        await _draw(page, 4, lean)
        await expect(_text(page)).to_have_text(re.compile("^I read 4 "))
        strip, number = await _request(page, "strip"), await _request(page, "written")
        assert isinstance(strip, StripRequest)
        assert isinstance(number, NumberRequest)
        assert (strip.digit, strip.count, number.text) == (4, 5, "2026")
        pens.append([await _seen(page), await _measured(page, strip), await _measured(page, number)])
        await page.get_by_role("button", name="Clear").click()
    # Of the drawing as the networks see it, of the strip and of the number: (slant, width in pixels).
    (bold, *bold_answers), (fine, *fine_answers) = pens
    assert bold[0] < fine[0] - 0.4
    assert bold[1] > fine[1] + 1
    for one, other in zip(bold_answers, fine_answers, strict=True):
        assert one[0] < other[0] - 0.3
        assert one[1] > other[1] + 0.5


async def test_a_finger_writes_and_scrolls_nothing(page: Page) -> None:
    """The touch of a phone draws on the sheet."""
    session = await page.context.new_cdp_session(page)
    top = await page.evaluate("document.getElementById('hand').scrollTop")
    for points in await _strokes(page, 1):
        for kind, touches in [
            ("touchStart", points[:1]),
            *(("touchMove", [point]) for point in points),
            ("touchEnd", []),
        ]:
            at = [{"x": x, "y": y} for x, y in touches]
            await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    await _settled(page)
    await expect(_text(page)).to_have_text(re.compile("^I read 1 "))
    assert await page.evaluate("document.getElementById('hand').scrollTop") == top


async def test_bars_and_images_show_what_the_networks_see(page: Page) -> None:
    """The longest bar is that of the digit read; of several digits each has its own bars."""
    await page.locator("#hand-file").set_input_files(_file(text("47", 200)))
    await _settled(page)
    seen = page.get_by_role("group", name="As the networks see it").get_by_role("button")
    await expect(seen).to_have_count(2)
    longest = page.get_by_role("list", name="Probability of each digit").locator(".most")
    await expect(longest).to_have_text(re.compile(r"^\s*4\s*9\d %\s*$"))
    await seen.last.click()
    await expect(longest).to_have_text(re.compile(r"^\s*7\s*9\d %\s*$"))
    await expect(seen.last).to_have_attribute("aria-pressed", "true")


async def test_undo_and_clear_take_strokes_back(page: Page) -> None:
    """The button and Ctrl+Z take the last one, and clear all; an empty sheet has no answers."""
    undo, clear = (page.get_by_role("button", name=name) for name in ("Undo", "Clear"))
    await expect(undo).to_be_disabled()
    await _draw(page, 4)
    await expect(page.get_by_role("region", name="In your hand")).to_be_visible()
    await undo.click()
    await _settled(page)
    await expect(_text(page)).not_to_have_text(re.compile("^I read 4 "))
    await page.keyboard.press("Control+z")
    await _settled(page)
    for button in (undo, clear):
        await expect(button).to_be_disabled()
    await expect(_text(page)).to_have_text("I read while you write. Nothing of it is kept.")
    await expect(page.get_by_role("region", name="In your hand")).to_be_hidden()
    await _draw(page, 4)
    await clear.click()
    await _settled(page)
    await expect(page.get_by_role("region", name="In your hand")).to_be_hidden()


async def test_a_photo_can_be_chosen_without_a_mouse(page: Page) -> None:
    """Tab reaches the file field, and a key opens it."""
    opened: asyncio.Future[FileChooser] = asyncio.get_running_loop().create_future()
    page.once("filechooser", lambda chooser: opened.set_result(chooser))
    await page.get_by_role("button", name="Close").focus()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Choose a photo")).to_be_focused()
    await page.keyboard.press("Enter")
    await (await opened).set_files(_file(drawn(5, 14)))
    await _settled(page)
    await expect(_text(page)).to_have_text(re.compile("^I read 5 "))


@pytest.mark.parametrize("event", ["paste", "drop"])
async def test_a_photo_can_be_pasted_or_dropped(page: Page, event: str) -> None:
    """It takes the place of what was drawn, large as it may be, and drawing takes its place again."""
    await _draw(page, 4)
    large = np.asarray(Image.fromarray(drawn(7, 14)).resize((4000, 3000)))
    await _give(page, event, "image/png", file_of(large))
    await expect(_text(page)).to_have_text(re.compile("^I read 7 "))
    await _draw(page, 1)
    await expect(_text(page)).to_have_text(re.compile("^I read 1 "))


async def test_a_file_that_is_no_photo_is_a_sentence(page: Page) -> None:
    """And so is a photo without a digit; the answers to the one before do not stay."""
    await _draw(page, 4)
    await _give(page, "drop", "text/html", b"<b>4</b>")
    await expect(_text(page)).to_have_text(re.compile("^I read photos as JPEG, PNG or WebP"))
    await expect(page.get_by_role("region", name="In your hand")).to_be_hidden()
    await _give(page, "drop", "image/png", file_of(np.full((300, 400), 255, np.uint8)))
    await expect(_text(page)).to_have_text(re.compile("^I see no digit in that"))


async def test_the_slider_goes_from_ones_own_hand_to_the_bots(page: Page) -> None:
    """Strip and number change with each step; at its ends are the hand that was read, and another one."""
    await _draw(page, 4)
    slider = page.get_by_role("slider", name="Between your hand and mine")
    hands = []
    for step in ("0", "4", "8"):
        await slider.fill(step)
        await _settled(page)
        strip, number = await _request(page, "strip"), await _request(page, "written")
        assert isinstance(strip, StripRequest)
        assert isinstance(number, NumberRequest)
        assert (strip.hand, strip.seed) == (number.hand, number.seed)
        hands.append(strip.hand)
    assert len(set(hands)) == 3


async def test_any_number_is_written_and_sent_to_the_chat(page: Page) -> None:
    """The picture then stands in the conversation, with the hand in its line."""
    await _draw(page, 4)
    await page.get_by_role("textbox", name="Any number").fill("12:30")
    await _settled(page)
    await expect(page.get_by_role("img", name="The handwritten number 12:30")).to_be_visible()
    number = await _request(page, "written")
    assert isinstance(number, NumberRequest)
    await page.get_by_role("button", name="Send to the chat").last.click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    figure = page.get_by_role("log", name="Conversation").get_by_role("figure").last
    await expect(figure.get_by_role("img")).to_have_attribute("alt", re.compile("^The handwritten number 12:30"))
    assert f"hand={number.hand}" in URL(page.url).query["q"]


async def test_a_number_that_is_none_is_a_sentence(page: Page) -> None:
    """What stood there before stays until it is one."""
    await _draw(page, 4)
    await page.get_by_role("textbox", name="Any number").fill("cat")
    await _settled(page)
    await expect(_text(page)).to_have_text(re.compile("^A number has digits, spaces and any of"))


async def test_a_limit_is_a_sentence(browser: Browser, catalog: Catalog) -> None:
    """Where an address has had its pictures the pad says so, and draws on."""
    async with (
        serving(catalog, address_limit=PHOTO_COST - 1) as client,
        fresh_page(browser, str(client.make_url("/"))) as page,
    ):
        await page.goto("/")
        await _open(page)
        for points in await _strokes(page, 1):
            await _stroke(page, points)
        await expect(_text(page)).to_have_text(re.compile("^Your address has had all pictures"))


async def test_the_pad_fits_a_phone(page: Page) -> None:
    """Nothing needs sideways scrolling, and Escape closes it."""
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await _draw(page, 8)
    assert await page.evaluate(OVERFLOW) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("button", name="In your hand")).to_be_in_viewport(ratio=1)


def _text(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("status")


async def _open(page: Page) -> None:
    await page.get_by_role("button", name="In your hand").click()


async def _settled(page: Page) -> None:
    """Wait until everything that was drawn and asked for is read and answered."""
    await appeared(page, "#hand-answers[aria-busy=false]")


async def _strokes(page: Page, digit: int, lean: float = 0) -> list[list[tuple[float, float]]]:
    """Return a digit's strokes in the page's pixels; one that leans to the right has a negative `lean`."""
    box = await page.locator("#hand-canvas").bounding_box()
    assert box
    scale, middle = box["height"] / 280, box["x"] + box["width"] / 2
    return [
        [(middle + scale * (x - 60 + lean * (y - 100)), box["y"] + scale * (y + 40)) for x, y in stroke]
        for stroke in STROKES[digit]
    ]


async def _stroke(page: Page, points: Points) -> None:
    first, *others = points
    await page.mouse.move(*first)
    await page.mouse.down()
    for point in others:
        await page.mouse.move(*point)
    await page.mouse.up()


async def _draw(page: Page, digit: int, lean: float = 0) -> None:
    """Write a digit on the sheet with the mouse, and wait until it is read and answered."""
    for points in await _strokes(page, digit, lean):
        await _stroke(page, points)
    await _settled(page)


async def _give(page: Page, event: str, kind: str, data: bytes) -> None:
    """Paste a file, or drop it on the pad, and wait until it is read and answered."""
    dialog = await page.locator("#hand").element_handle()
    await page.evaluate("() => document.getElementById('hand-answers').removeAttribute('aria-busy')")
    await page.evaluate(PASTE_OR_DROP, [dialog, event, kind, base64.b64encode(data).decode()])
    await _settled(page)


def _file(grey: np.ndarray) -> dict[str, object]:
    return {"name": "note.png", "mimeType": "image/png", "buffer": file_of(grey)}


async def _request(page: Page, name: str) -> PictureRequest:
    """Return the picture that the button below an answer sends to the chat."""
    button = page.locator(f"#hand-{name} + button")
    request = parser.parse(await button.get_attribute("data-command") or "")
    assert isinstance(request, PictureRequest)
    return request


async def _seen(page: Page) -> tuple[float, float]:
    """Measure the drawing as the networks see it."""
    source = await page.locator("#hand-seen img").get_attribute("src") or ""
    return _pen(base64.b64decode(source.partition(",")[2]))


async def _measured(page: Page, request: PictureRequest) -> tuple[float, float]:
    """Measure the untouched images of a picture."""
    line = str(urls.picture_url(request)).replace("?", "?original=1&")
    response = await page.request.get(line)
    return _pen(await response.body())


def _pen(png: bytes) -> tuple[float, float]:
    """Return slant and stroke width of images side by side, the mean over them.

    Slant is the covariance of column and row over the variance of the row, by moments; width is twice the area of the
    ink over the length of its contour, in pixels.
    """
    row = np.asarray(Image.open(io.BytesIO(png)).convert("L"), float) / 255
    slants, widths = [], []
    for image in np.pad(row.reshape(28, -1, 28).swapaxes(0, 1), ((0, 0), (1, 1), (1, 1))):
        y, x = np.mgrid[:30, :30]
        y, x = y - np.average(y, weights=image), x - np.average(x, weights=image)
        slants.append((image * y * x).sum() / (image * y * y).sum())
        contour = np.hypot(image[1:, :-1] - image[:-1, :-1], image[:-1, 1:] - image[:-1, :-1]).sum()
        widths.append(2 * image.sum() / contour)
    return float(np.mean(slants)), float(np.mean(widths))
