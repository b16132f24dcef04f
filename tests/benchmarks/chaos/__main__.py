"""Chaos: everything around the bot fails at random, and its promises are checked.

    python -m tests.benchmarks.chaos --minutes 10 --seed 1

The bot is one process with Discord, Telegram, its page and a real Redis. People ask on every platform while platforms
refuse, fail and hang up, updates come twice and in another order, Redis hangs, dies and is slow, the disk is full, the
clock jumps, clients do harm, and the process is stopped or killed and started again. At the end every accepted command
has been answered once, and twice at most where a process was killed or an answer was cut off after it was taken;
nobody has waited longer than promised; each process was as large as at its beginning; and the log has no traceback, no
error, no secret, and no words of people. The exit code is 1 where that is not so.

The disk is filled as root alone, and the clock jumps where libfaketime is installed.
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
from pathlib import Path

from tests import programs
from tests.benchmarks.chaos.life import violations_in
from tests.benchmarks.chaos.run import Chaos
from tests.disks import small_disk

MINUTES = 10.0
DISK_BYTES = 64 * 1024 * 1024


def report(chaos: Chaos, violations: list[str]) -> list[str]:
    """Return the table of figures."""
    rows = []
    for platform in ("discord", "telegram", "http"):
        asked = chaos.ledger.of(platform)
        by_answers = [sum(question.answers == number for question in asked) for number in (0, 1, 2)]
        waits = [question.seconds for question in asked if question.answers and not question.may_be_late]
        rows += [
            f"| {platform}: questions; answered once / twice / lost to a fault that excuses it | {len(asked):,}; "
            f"{by_answers[1]:,} / {by_answers[2]} / {by_answers[0]} |",
            f"| {platform}: longest wait, without a fault that excuses it | {max(waits, default=0):.1f} s |",
        ]
    for number, (before, after) in enumerate(chaos.sizes):
        rows.append(
            f"| process {number + 1}, before and after its faults | {before.memory:.0f}, {after.memory:.0f} MB; "
            f"{before.threads}, {after.threads} threads; {before.descriptors}, {after.descriptors} descriptors |"
        )
    rows.append(
        f"| time in which other programs had the processor, and waits are excused | {chaos.starved_seconds:.0f} s |"
    )
    rows += [f"| {kind} | {times} |" for kind, times in sorted((chaos.met | chaos.ends).items())]
    return ["| what | measured |", "| --- | --- |", *rows, f"| broken promises | {len(violations)} |", *violations]


def main() -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.chaos", description="Let everything fail.")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"about how long (default: {MINUTES:.0f})")
    parser.add_argument("--seed", type=int, default=1, help="of the lots that are drawn (default: 1)")
    parser.add_argument("--log", type=Path, help="keep the bot's log here")
    given = parser.parse_args()
    if not programs.REDIS.find():
        parser.error(f"needs {programs.REDIS.title}: {programs.REDIS.install}")
    # The disk is unmounted, and nothing is left running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Calls that break off as the bot is killed.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder), DISK_BYTES) as disk:
        chaos = Chaos(random.Random(given.seed), Path(folder))
        try:
            asyncio.run(chaos.play(60 * given.minutes, disk))
        finally:
            log = chaos.log.read_text()
            if given.log:
                given.log.write_text(log)
    violations = chaos.ledger.violations() + chaos.grown() + violations_in(log)
    sys.stdout.write("\n".join(report(chaos, violations)) + "\n")
    return int(bool(violations))


if __name__ == "__main__":
    sys.exit(main())
