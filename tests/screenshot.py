"""Take the README's pictures of a chat on the bot's own page, in a light and in a dark theme.

    python -m tests.screenshot [FOLDER]

Starts the bot, says the same lines to it in a headless Chromium each time, and writes chat-light.png and
chat-dark.png to docs/ or to another folder.
"""

import asyncio
import io
import sys
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.bot.conftest import running
from tests.conftest import ROOT
from tests.programs import CHROMIUM

LINES = ("/digit 4 seed=15", "/number 2026-11-20 seed=7 style=blueprint")
ARGUMENTS = ("--no-sandbox", "--disable-gpu")
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
VIEWPORT_PX = (760, 640)
MARGIN_PX = 12
"""Above the first line: less than the gap between two messages, so that the one before it is out of sight."""

PIXEL_RATIO = 2
"""Pixels of the picture for a pixel of the page, so that text stays sharp where GitHub shows the picture smaller."""

COLOURS = 128
"""Colours of the PNG: a page with ink of one colour needs few, and the file is smaller."""

MAX_BYTES = 200_000
"""Of a picture: a README should be there at once on a phone, too."""

ANSWER_MS = 30_000


async def take(browser: Browser, address: str, theme: Theme, folder: Path) -> Path:
    """Write a picture to a folder and return its path.

    Args:
        browser: Chromium.
        address: of a running bot's page.
        theme: that the browser asks for.
        folder: exists.
    """
    width, height = VIEWPORT_PX
    page = await browser.new_page(
        base_url=address,
        viewport={"width": width, "height": height},
        device_scale_factor=PIXEL_RATIO,
        color_scheme=theme,
        reduced_motion="reduce",
    )
    await _chat(page)
    await _fit(page)
    path = folder / f"chat-{theme}.png"
    with Image.open(io.BytesIO(await page.screenshot())) as shot:
        shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    await page.close()
    return path


async def _chat(page: Page) -> None:
    """Say each line and wait for its picture, which comes after the strip that greets everybody."""
    answers = page.get_by_role("log").get_by_role("figure")
    await page.goto("/")
    await expect(answers).to_have_count(1, timeout=ANSWER_MS)
    for number, line in enumerate(LINES, start=2):
        await page.get_by_role("textbox", name="Command").fill(line)
        await page.keyboard.press("Enter")
        await expect(answers).to_have_count(number, timeout=ANSWER_MS)
        await answers.last.get_by_role("img").evaluate("(image) => image.decode()")


async def _fit(page: Page) -> None:
    """Make the window as high as it takes to show all that was said."""
    log = await page.get_by_role("log").bounding_box()
    first = await page.get_by_text(LINES[0], exact=True).first.bounding_box()
    assert log is not None
    assert first is not None
    width, height = VIEWPORT_PX
    hidden = log["y"] + MARGIN_PX - first["y"]
    await page.set_viewport_size({"width": width, "height": height + max(0, round(hidden))})


async def main(folder: Path) -> None:
    """Start a bot and a browser, take the pictures and print their sizes."""
    async with running() as bot, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM.path(), args=ARGUMENTS)
        for theme in THEMES:
            path = await take(browser, bot.address, theme, folder)
            sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"))
