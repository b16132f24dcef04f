"""The playground in a browser: a strip that follows its controls and the dot on its pad."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Route, expect
from yarl import URL

from bot.adapters.web.playground import FIRST
from bot.commands import parser
from bot.limits.policy import STEPS_PER_PICTURE
from core.catalog import Catalog
from core.pictures.strip import StripRequest
from core.walk import START, Place
from tests.bot.adapters.web.conftest import appeared, fresh_page, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMIT = 6
"""Pictures a minute: the page's own are its icon and its logo, two strips, and one more that is asked for."""
CHAT = "**/api/chat*"
DESK, LARGE_DESK, PHONES = (1280, 800), (1440, 900), [(320, 568), (390, 844)]
OVERFLOW = (
    "[...document.querySelectorAll('#playground, #playground :is(.bar, form, fieldset, div, figure, .control)')]"
    ".filter((node) => node.scrollWidth > node.clientWidth)"
    ".map((node) => node.outerHTML.slice(0, 80))"
)
LISTEN = """() => {
  const text = document.getElementById("playground-text");
  window.said = [];
  new MutationObserver(() => window.said.push(text.textContent)).observe(text, { childList: true });
}"""
PLACES = """(nodes) => nodes.map((node) => {
  const { x, y, width, height } = node.getBoundingClientRect();
  return [x, y, width, height];
})"""
LOADED = "(images) => Promise.all(images.map((image) => image.decode().then(() => image.src)))"
COUNT_ANIMATIONS = """{
  const { animate } = Element.prototype;
  window.animations = 0;
  Element.prototype.animate = function (...given) { window.animations += 1; return animate.apply(this, given); };
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page with the playground open."""
    viewport = {"width": DESK[0], "height": DESK[1]}
    async with fresh_page(browser, address, has_touch=True, viewport=viewport, reduced_motion="reduce") as page:
        await page.goto("/")
        await _opener(page).click()
        await _settled(page)
        yield page


async def test_each_control_changes_the_picture(page: Page) -> None:
    """Digit, number, model, style, neatness and seed: the picture follows each, and its line has all of them."""
    await page.get_by_role("radio", name="7").check()
    await page.get_by_role("slider", name="How many").fill("3")
    await _playground(page).get_by_role("combobox", name="Model").select_option("vae")
    await _playground(page).get_by_role("combobox", name="Style").select_option("ink")
    await _playground(page).get_by_role("slider", name="Neat").fill("83")
    await _seed(page).fill("15")
    await _settled(page)
    assert await _request(page) == StripRequest(7, 3, seed=15, model="vae", style="ink", neat=83)
    await expect(
        page.get_by_role("img", name="The digit 7, handwritten 3 times. Drawn by the VAE model.")
    ).to_be_visible()
    await expect(_text(page)).to_have_text("3 × 7 · VAE · seed 15 · style ink · neat 83")
    await expect(_playground(page).locator("output")).to_have_text(["3", "83"])


async def test_a_seed_draws_what_it_draws_in_the_chat(page: Page) -> None:
    """*Send to the chat* shows the very same picture there; *New seed* draws another one."""
    await _seed(page).fill("7")
    await _settled(page)
    await page.get_by_role("button", name="Send to the chat").click()
    sent = page.get_by_role("log").get_by_role("img", name=re.compile(r"Seed 7\.$"))
    await expect(sent).to_have_attribute("src", await _image(page))
    await page.get_by_role("button", name="New seed").click()
    await expect(_seed(page)).not_to_have_value("7")
    await _settled(page)
    request = await _request(page)
    assert str(request.seed) == await _seed(page).input_value()


async def test_what_is_no_seed_is_a_sentence(page: Page) -> None:
    """The picture stays while a seed is typed; one that is none is explained, and the next one works."""
    before, seed = await _image(page), _seed(page)
    await seed.fill("")
    await _settled(page)
    await seed.fill("cat")
    await expect(_text(page)).to_have_text(re.compile("^A seed is a whole number from 0 to 4294967295"))
    assert await _image(page) == before
    await seed.fill("8")
    await expect(_text(page)).to_have_text(re.compile("seed 8$"))


async def test_one_request_is_in_flight_and_the_last_wins(page: Page) -> None:
    """While a picture is on its way thirty changes ask for nothing; then the last of them is asked for."""
    gate, lines = asyncio.Event(), []

    async def hold(route: Route) -> None:
        lines.append(json.loads(route.request.post_data or "")["text"])
        await gate.wait()
        await route.continue_()

    await page.route(CHAT, hold)
    for number in range(30):
        await _seed(page).fill(str(number))
    await expect(_stage(page)).to_have_attribute("aria-busy", "true")
    assert len(lines) == 1
    gate.set()
    await _settled(page)
    assert (await _request(page)).seed == 29
    assert len(lines) == 2


async def test_the_mouse_walks(page: Page) -> None:
    """The strip follows the dot to wherever it is dragged, past the edge too; back in the middle it is the seed's."""
    before, middle = await _image(page), page.get_by_role("button", name="Back to the middle")
    await expect(middle).to_be_disabled()
    await page.mouse.move(*await _point(page, 0, 0))
    await page.mouse.down()
    for place in ((0.3, 0.5), (-0.6, 0.25)):
        await page.mouse.move(*await _point(page, *place))
        await _settled(page)
        assert await _walk(page) == pytest.approx(place, abs=0.02)
    await page.mouse.move(*await _point(page, -1.2, -1.3))
    await page.mouse.up()
    await page.mouse.move(*await _point(page, 0.5, 0.5))
    await _settled(page)
    assert await _walk(page) == (-1, -1)
    assert await _image(page) != before
    await middle.click()
    await _settled(page)
    assert (await _walk(page), await _image(page)) == (START, before)


async def test_a_finger_walks_and_scrolls_nothing(page: Page) -> None:
    """The touch of a phone moves the dot, and neither the playground nor the page."""
    await page.set_viewport_size({"width": 390, "height": 600})
    await _opener(page).click()
    await page.locator("#playground-pad").scroll_into_view_if_needed()
    session = await page.context.new_cdp_session(page)
    top = await _playground(page).evaluate("(dialog) => dialog.scrollTop")
    for kind, place in (
        ("touchStart", (0, 0)),
        ("touchMove", (0.4, 0.2)),
        ("touchMove", (0.4, 0.8)),
        ("touchEnd", None),
    ):
        x, y = await _point(page, *place) if place else (0, 0)
        points = [{"x": x, "y": y}] if place else []
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    await _settled(page)
    assert await _walk(page) == pytest.approx((0.4, 0.8), abs=0.02)
    assert await _playground(page).evaluate("(dialog) => dialog.scrollTop") == top


async def test_arrow_keys_walk(page: Page) -> None:
    """Tab reaches two sliders with names and values of their own; every arrow moves the dot its way from either."""
    across, up = (page.get_by_role("slider", name=f"Walk {way}") for way in ("left and right", "up and down"))
    await page.get_by_role("button", name="New seed").focus()
    await page.keyboard.press("Tab")
    await expect(across).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        await page.keyboard.press(key)
    await page.keyboard.press("Tab")
    await expect(up).to_be_focused()
    for key in ("ArrowUp", "ArrowLeft"):
        await page.keyboard.press(key)
    await _settled(page)
    assert await _walk(page) == (0.05, 0.1)
    await expect(across).to_have_value("0.05")
    await expect(up).to_have_value("0.1")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Back to the middle")).to_be_focused()


async def test_the_pad_shows_what_is_around(page: Page) -> None:
    """Around the middle lie eight images of the chosen digit, model and seed; a walk leaves them as they are."""
    images = page.locator("#playground-map img")
    await expect(_text(page)).to_have_text(re.compile(r"seed \d+$"))
    sources = await images.evaluate_all(LOADED)
    assert len(set(sources)) == 8
    seed = f"{(await _request(page)).seed}"
    for source in sources:
        url = URL(source)
        assert (url.path, url.query["seed"], url.query["count"], url.query["model"]) == (
            "/digit/4.png",
            seed,
            "1",
            "cgan",
        )
    await page.get_by_role("slider", name="Walk up and down").press("ArrowUp")
    await expect(_text(page)).to_have_text(re.compile("walk 0,0.05$"))
    assert await images.evaluate_all(LOADED) == sources
    await page.get_by_role("radio", name="8").check()
    await expect(_text(page)).to_have_text(re.compile("^5 × 8"))
    assert {URL(source).path for source in await images.evaluate_all(LOADED)} == {"/digit/8.png"}


async def test_a_dropped_frame_is_no_error(page: Page) -> None:
    """Where the bot is busy for a moment nothing is said, and the last place is drawn as soon as there is room."""
    await page.evaluate(LISTEN)
    refusals = iter(range(3))

    async def refuse(route: Route) -> None:
        if next(refusals, None) is None:
            await route.continue_()
        else:
            await route.fulfill(status=503, headers={"Retry-After": "0.01"}, json={"error": "I'm busy."})

    await page.route(CHAT, refuse)
    await page.get_by_role("slider", name="Walk left and right").press("ArrowRight")
    await expect(_text(page)).to_have_text(re.compile("walk 0.05,0$"))
    assert next(refusals, None) is None
    assert "busy" not in "".join(await page.evaluate("window.said"))


async def test_steps_have_a_limit_of_their_own(browser: Browser, catalog: Catalog) -> None:
    """Where an address has had its steps a sentence says when to go on; other pictures come all the same."""
    async with (
        serving(catalog, address_limit=LIMIT) as client,
        fresh_page(browser, str(client.make_url("/")), reduced_motion="reduce") as page,
    ):
        await page.goto("/")
        await _opener(page).click()
        await _settled(page)
        slider = page.get_by_role("slider", name="Walk left and right")
        await expect(_text(page)).to_have_text(re.compile(r"seed \d+$"))
        around = await page.locator("#playground-map img").evaluate_all(LOADED)
        for step in range(1, LIMIT * STEPS_PER_PICTURE - len(around) + 1):
            await slider.fill(str(step / 100))
            await _settled(page)
            assert await _walk(page) == (step / 100, 0)
        await slider.fill("0.5")
        await expect(_text(page)).to_have_text(re.compile("^Your address has had all pictures"))
        await page.get_by_role("button", name="New seed").click()
        await _settled(page)
        assert await _walk(page) == START


async def test_a_caption_is_read_out_once_the_picture_rests(page: Page) -> None:
    """The live region says nothing while the dot moves."""
    await expect(_text(page)).to_have_text(re.compile(r"seed \d+$"))
    said = await _text(page).inner_text()
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate("Date.now()") + 1000)
    slider = page.get_by_role("slider", name="Walk left and right")
    for value in ("0.1", "0.2", "0.3"):
        await slider.fill(value)
        await expect(_keep(page)).to_have_attribute("data-command", re.compile(f"walk={value},0$"))
        await expect(_text(page)).to_have_text(said)
        await page.clock.run_for(50)
    await page.clock.run_for(400)
    await expect(_text(page)).to_have_text(f"{said} · walk 0.3,0")


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
async def test_pictures_fade_unless_motion_is_unwelcome(
    browser: Browser, address: str, motion: str, moves: bool
) -> None:
    """A strip appears as if written, and a changed one fades in; with reduced motion both are simply there."""
    async with fresh_page(browser, address, reduced_motion=motion) as page:
        await page.add_init_script(COUNT_ANIMATIONS)
        await page.goto("/")
        await expect(page.get_by_role("log").get_by_role("figure")).to_have_count(1)
        written = await page.evaluate("window.animations")
        await _opener(page).click()
        await _settled(page)
        faded = await page.evaluate("window.animations")
        assert [written > 0, faded > written] == [moves, moves]
        await expect(_stage(page).locator("img")).to_have_count(1)


async def test_nothing_moves_when_another_picture_comes(page: Page) -> None:
    """Strips of one or ten, and a caption of two lines, leave every control where it is."""
    places = await _places(page)
    assert len(places) > 15
    for count, style in (("10", "transparent"), ("1", "chalk")):
        await page.get_by_role("slider", name="How many").fill(count)
        await _playground(page).get_by_role("combobox", name="Style").select_option(style)
        await page.get_by_role("slider", name="Walk up and down").fill("-0.37")
        await expect(_text(page)).to_have_text(re.compile(f"^{count} × 4"))
        assert await _places(page) == places


@pytest.mark.parametrize("sizes", [PHONES, [DESK, (1920, 1080)]], ids=["over the chat", "beside it"])
async def test_axe_finds_no_violation(page: Page, sizes: list[tuple[int, int]]) -> None:
    """Neither beside the chat nor over it, light or dark; and nothing needs sideways scrolling."""
    for width, height in sizes:
        await page.set_viewport_size({"width": width, "height": height})
        if not await _playground(page).is_visible():
            await _opener(page).click()
        assert (await Axe().run(page)).generate_snapshot() == ""
        assert await page.evaluate(OVERFLOW) == []
    # Colours are those of every size.
    await page.emulate_media(color_scheme="dark")
    assert (await Axe().run(page)).generate_snapshot() == ""


async def test_it_opens_by_itself_where_there_is_room(browser: Browser, address: str) -> None:
    """On a large desk it is there from the start, and the text line has the focus; it stays closed in a session."""
    viewport = {"width": LARGE_DESK[0], "height": LARGE_DESK[1]}
    async with fresh_page(browser, address, viewport=viewport, reduced_motion="reduce") as page:
        await page.goto("/")
        await _settled(page)
        await expect(page.get_by_role("textbox", name="Command")).to_be_focused()
        assert (await _request(page)).digit == FIRST.digit
        await page.get_by_role("radio", name="4").focus()
        await page.keyboard.press("Escape")
        await expect(_playground(page)).to_be_hidden()
        await expect(_opener(page)).to_be_focused()
        await page.reload()
        await expect(page.get_by_role("log").get_by_role("figure")).to_have_count(1)
        await expect(_playground(page)).to_be_hidden()
        await page.keyboard.press("Escape")
        await _opener(page).press("Enter")
        await expect(page.get_by_role("radio", name="4")).to_be_focused()


async def test_a_page_without_scripts_shows_no_playground(browser: Browser, address: str) -> None:
    """There it could do nothing; everything else is there as it was."""
    async with fresh_page(browser, address, java_script_enabled=False) as page:
        await page.goto("/")
        await expect(page.get_by_role("button", name="/digit 4")).to_be_visible()
        await expect(_opener(page)).to_be_hidden()
        await expect(_playground(page)).to_be_hidden()


def _opener(page: Page) -> Locator:
    return page.get_by_role("button", name="Playground")


def _playground(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Playground")


def _stage(page: Page) -> Locator:
    return page.locator("#playground-stage")


def _seed(page: Page) -> Locator:
    return _playground(page).get_by_role("textbox", name="Seed")


def _text(page: Page) -> Locator:
    return _playground(page).get_by_role("status").and_(page.locator("p"))


def _keep(page: Page) -> Locator:
    return page.get_by_role("button", name="Send to the chat").and_(page.locator("#playground-keep"))


async def _settled(page: Page) -> None:
    """Wait until everything that was asked for is drawn."""
    await appeared(page, "#playground-stage[aria-busy=false]")


async def _image(page: Page) -> str:
    return str(await _stage(page).get_by_role("img").get_attribute("src"))


async def _request(page: Page) -> StripRequest:
    """Return the picture that is shown."""
    request = parser.parse(await _keep(page).get_attribute("data-command") or "")
    assert isinstance(request, StripRequest)
    return request


async def _walk(page: Page) -> Place:
    return (await _request(page)).walk


async def _point(page: Page, across: float, up: float) -> tuple[float, float]:
    """Return where on the page a place of the pad is."""
    box = await page.locator("#playground-pad").bounding_box()
    assert box
    return box["x"] + box["width"] * (1 + across) / 2, box["y"] + box["height"] * (1 - up) / 2


async def _places(page: Page) -> list[list[float]]:
    """Return where each control is that does not move with the dot."""
    controls = _playground(page).locator("button, select, label, #playground-pad, input:not(#playground-pad input)")
    places: list[list[float]] = await controls.evaluate_all(PLACES)
    return places
