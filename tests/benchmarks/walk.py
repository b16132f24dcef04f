"""Measure how closely the strip follows the dot on the playground's pad, in a real browser.

    python -m tests.benchmarks.walk

Starts the bot, drags the dot in circles in a headless Chromium on the same machine, and prints the pictures a second
that were shown and the milliseconds of their requests.
"""

import asyncio
import math
import sys
import time
from statistics import median

from playwright.async_api import Page, async_playwright, expect

from tests.bot.conftest import running
from tests.programs import CHROMIUM

SECONDS = 10.0
MOVES_A_SECOND = 60
"""As a mouse or a touch screen reports them."""
TURN_SECONDS = 4.0
COUNTS = (5, 10)
ARGUMENTS = ("--no-sandbox", "--disable-gpu")
WIDTH_PX, HEIGHT_PX = 1440, 900
WATCH = """() => {
  performance.clearResourceTimings();
  performance.setResourceTimingBufferSize(10000);
  const stage = document.getElementById("playground-stage");
  window.shown = 0;
  window.watcher?.disconnect();
  window.watcher = new MutationObserver((found) => {
    window.shown += found.flatMap((each) => [...each.addedNodes]).filter((node) => node.className !== "before").length;
  });
  window.watcher.observe(stage, { childList: true });
}"""
RESULT = """() => ({
  shown: window.shown,
  milliseconds: performance.getEntriesByType("resource").filter(({ name }) => name.includes("api/chat")).map(
    ({ duration }) => duration
  ),
})"""


async def drag(page: Page) -> float:
    """Drag the dot in circles; returns the seconds that it took."""
    box = await page.locator("#playground-pad").bounding_box()
    assert box is not None
    middle, radius = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), 0.4 * min(box["width"], box["height"])
    await page.mouse.move(*middle)
    await page.mouse.down()
    began = time.perf_counter()
    while (gone := time.perf_counter() - began) < SECONDS:
        angle = 2 * math.pi * gone / TURN_SECONDS
        await page.mouse.move(middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle))
        await asyncio.sleep(1 / MOVES_A_SECOND)
    await page.mouse.up()
    return gone


async def measure(page: Page, count: int) -> str:
    """Return a row of the table for strips of so many images."""
    await page.get_by_role("slider", name="How many").fill(str(count))
    stage = page.locator("#playground-stage")
    await expect(stage).to_have_attribute("aria-busy", "false")
    await page.evaluate(WATCH)
    seconds = await drag(page)
    await expect(stage).to_have_attribute("aria-busy", "false")
    result = await page.evaluate(RESULT)
    took = sorted(result["milliseconds"])
    slow = took[int(0.95 * len(took))]
    return f"| {count} | {result['shown'] / seconds:.1f} | {median(took):.1f} | {slow:.1f} |"


async def main() -> None:
    """Start a bot and a browser, drag, and print the table."""
    async with running() as bot, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM.path(), args=ARGUMENTS)
        page = await browser.new_page(base_url=bot.address, viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
        await page.goto("/")
        lines = ["| images | pictures a second | request, ms, median | 95 % |", "| --- | --- | --- | --- |"]
        lines += [await measure(page, count) for count in COUNTS]
        await browser.close()
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
