"""Faults that change nothing: somebody has read them, and the program with them does the same."""

from collections.abc import Mapping

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "bot/adapters/discord/handlers.py": {
        "falsy: task is not None -> (task)": "a task is never false",
    },
    "bot/adapters/discord/interactions.py": {
        "boundary: abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS -> (abs(time.time() - int(timestamp)) >= "
        "MAX_AGE_SECONDS)": "no post is that old to the microsecond",
    },
    "bot/adapters/downloads.py": {
        "falsy: size_bytes is not None -> (size_bytes)": "0 bytes are not too many either",
    },
    "bot/adapters/telegram/flood_control.py": {
        "boundary: (seconds := self.wait_seconds(recipient)) > 0 -> ((seconds := self.wait_seconds(recipient)) >= 0)": (
            "no two readings of the clock are 0 seconds apart"
        ),
        "boundary: seconds > MAX_FLOOD_WAIT_SECONDS -> (seconds >= MAX_FLOOD_WAIT_SECONDS)": "nor is a wait that long",
    },
    "bot/adapters/telegram/update_queue.py": {
        "arithmetic: 2 * MIN_REMEMBERED -> (2 // MIN_REMEMBERED)": "it tidies up more often, and keeps as many",
    },
    "bot/adapters/web/playground.py": {
        "falsy: option.maximum is not None -> (option.maximum)": "no option ends at 0",
    },
    "bot/app.py": {
        "falsy: settings.redis_url is None -> (not settings.redis_url)": "nor is an address of Redis",
    },
    "bot/cli/local_checks.py": {
        "falsy: settings.public_url is not None -> (settings.public_url)": "an address is never false",
        'boundary: {"ready", "model", "adapters"} <= state.keys() -> '
        "({'ready', 'model', 'adapters'} < state.keys())": "a bot says more than these",
        "returned None: return False -> return None": "both are false",
    },
    "bot/cli/main.py": {
        "falsy: arguments is None -> (not arguments)": "tests alone give arguments, and never none",
    },
    "bot/limits/claims.py": {
        "falsy: await shared.finish(hidden) is None -> (not await shared.finish(hidden))": "Redis answers True or not",
    },
    "bot/supervisor.py": {
        "boundary: clock() - began > MAX_PAUSE_SECONDS -> (clock() - began >= MAX_PAUSE_SECONDS)": (
            "no attempt lasts that long to the nanosecond"
        ),
    },
    "bot/telemetry/redaction.py": {
        "string: \"(?!)\" -> 'X(?!)'": "neither pattern ever matches",
    },
    "bot/commands/options.py": {
        "falsy: self.titles is None -> (not self.titles)": "a function is never false",
    },
    "bot/conversation/pipeline.py": {
        "falsy: sender.address is not None -> (sender.address)": "an address is never false",
        "falsy: sender.person is not None -> (sender.person)": "nobody has the id 0",
        "string: \"steps\" -> 'Xsteps'": "its name keeps steps apart from pictures, whatever it is",
        "string: \"pictures\" -> 'Xpictures'": "likewise",
    },
    "core/inference.py": {
        'left out: ort.InferenceSession(content, session_options(), providers=["CPUExecu… -> '
        "(ort.InferenceSession(content, session_options()))": "the build without a GPU has no other provider",
    },
    "core/pictures/base.py": {
        "falsy: self.seed is not None -> (self.seed)": "0 is in its range",
    },
    "core/imaging/inking.py": {
        "boundary: width > RULE_WIDTH * max(mask.shape) -> (width >= RULE_WIDTH * max(mask.shape))": (
            "a median of whole pixels is no hundredth of a photo's side, but for some sizes"
        ),
    },
}
"""By the file: the fault, and why it is none."""
