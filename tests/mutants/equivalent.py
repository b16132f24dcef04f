"""Faults that change nothing: somebody has read them, and the program with them does the same."""

from collections.abc import Mapping

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "bot/adapters/discord/handlers.py": {
        "falsy: task is not None -> (task)": "a task is never false",
    },
    "bot/adapters/discord/interaction_schema.py": {
        "falsy: (self.user if self.guild_id is None else self.member) is None -> "
        "(not (self.user if self.guild_id is None else self.member))": "a model of pydantic is never false",
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
        "boundary: seconds > MAX_FLOOD_WAIT_SECONDS -> (seconds >= MAX_FLOOD_WAIT_SECONDS)": "no wait is just as long",
    },
    "bot/adapters/web/pictures.py": {
        "falsy: png is None -> (not png)": "no PNG is empty",
    },
    "bot/adapters/web/playground.py": {
        "falsy: option.maximum is not None -> (option.maximum)": "no option ends at 0",
    },
    "bot/app.py": {
        "falsy: settings.redis_url is None -> (not settings.redis_url)": "an address is never false",
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
    "bot/commands/options.py": {
        "falsy: self.titles is None -> (not self.titles)": "a function is never false",
    },
    "bot/conversation/pipeline.py": {
        "falsy: sender.address is not None -> (sender.address)": "an address is never false",
        "falsy: sender.person is not None -> (sender.person)": "nobody has the id 0",
        "string: \"steps\" -> 'Xsteps'": "its name keeps steps apart from pictures, whatever it is",
        "string: \"pictures\" -> 'Xpictures'": "its name keeps pictures apart from steps, whatever it is",
    },
    "bot/limits/claims.py": {
        "falsy: await shared.finish(hidden) is None -> (not await shared.finish(hidden))": "Redis answers True",
    },
    "bot/supervisor.py": {
        "boundary: clock() - began > MAX_PAUSE_SECONDS -> (clock() - began >= MAX_PAUSE_SECONDS)": (
            "no attempt lasts that long to the nanosecond"
        ),
    },
    "bot/telemetry/redaction.py": {
        "string: \"(?!)\" -> 'X(?!)'": "neither pattern ever matches",
    },
    "core/imaging/scanning.py": {
        "boundary: missing < 1 -> (missing <= 1)": "no stroke lacks just one pixel of its width",
    },
    "core/inference.py": {
        'left out: ort.InferenceSession(content, session_options(), providers=["CPUExecu… -> '
        "(ort.InferenceSession(content, session_options()))": "the build without a GPU has no other provider",
    },
    "core/pictures/base.py": {
        "falsy: digit is not None -> (digit)": "0 is in its range",
        "falsy: self.seed is not None -> (self.seed)": "0 is in its range",
    },
    "core/pictures/morph.py": {
        "falsy: strange is not None -> (strange)": "0 is not strange",
    },
}
"""By the file: the fault, and why it is none."""
