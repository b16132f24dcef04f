"""The words that an operator reads: the command line, what it finds, and what is wrong with an installation."""

from collections.abc import Sequence

from bot import __version__, replies
from bot.adapters import Refused
from bot.settings import BadSettings
from bot.translation import _, ngettext
from core.catalog import Catalog
from core.errors import BadWeights, DigitError

TOKENS = {"discord": "DISCORD_TOKEN", "telegram": "TELEGRAM_TOKEN"}
"""The setting that switches a chat platform on."""
CHAT_BOT = _("A chat bot that draws handwritten digits.")
RUN = _("serve the web page and each platform that has a token (the default)")
HEALTHCHECK = _("ask the running bot whether it is ready; exit code 0 or 1")
CHECK = _("check settings, models, port, clock and tokens without serving; exit code 0, 69 or 78")
SETTINGS = _("print every setting with its meaning, as a file .env to start from")
TABLE = _("print them as a table in Markdown")
ORIGINALS_AS = _("the untouched 28 x 28 images: side by side in one PNG, or each in a PNG of its own")
OUT = _("the file; of a data set the folder (default: named after what is drawn, in this folder)")
ALL = _("a data set of every digit: --count images of each, 1000 unless you say otherwise")
FORMAT = _("of a data set (default: idx, which torchvision.datasets.MNIST loads from the folder)")
"""What the command line says of itself."""
SETTINGS_HEAD = _(
    "Settings of Digit Bot: copy this file to .env and take the # away where you want something else.\n"
    "A setting in the environment wins over one here. Each can stand in a file instead: NAME_FILE=/path/to/it."
)
SETTINGS_COLUMNS = (_("setting"), _("default"), _("meaning"))
SHIPPED = _("the repository's `weights`")
"""The default of a setting that is another path on each machine."""
VERDICTS = {"ok": _("ok"), "warning": _("warning"), "wrong": _("wrong"), "off": _("off")}
FINDINGS = {
    "set": _("{names} set, the others as they are by default"),
    "unset": _("all as they are by default"),
    "weights": _("{count} models in {folder}, {default} draws where none is named"),
    "free": _("{host}:{port} is free"),
    "served": _("this bot is running at {host}:{port}"),
    "taken": _("{host}:{port} is used by another program. Stop it, or set DIGIT_PORT to another one."),
    "known": _("{setting} is good, and the bot is called {name}"),
    "unreachable": _("{url} cannot be asked whether {setting} is good ({reason})"),
    "off": _("set {setting} to switch it on"),
    "server": _("add it to a server: {link}"),
    "account": _("add it to your account: {link}"),
    "chat": _("open a chat with it: {link}"),
    "endpoint": _(
        "commands go to the Interactions Endpoint URL of the application and not to this bot: "
        "leave that empty in the developer portal"
    ),
    "starts": _("{remaining} of {total} connections are left for today"),
    "clock": _("within {seconds} s of the platforms'"),
    "skewed": _(
        "{seconds} s off the platforms': set it by NTP, or Telegram's messages look old or new when they aren't"
    ),
    "unasked": _("not compared, since no platform was asked"),
    "redis": _("answers"),
    "redis-silent": _("does not answer ({reason}): limits would be counted in memory"),
    "https": _("{setting} is {url}, and Telegram takes https alone"),
    "webhook-port": _("{setting} is {url}, and Telegram posts to the ports {ports} alone"),
    "webhook-path": _("{setting} ends in {path}: your proxy has to pass that on to {expected} of this bot"),
    "query": _("{setting} is {url}: it should end with the path, without anything after ? or #"),
    "address": _("{setting} is {url}"),
}
"""What `check` has found, by what it is about."""


def operator_line(error: DigitError) -> str:
    """One line for the operator: which setting or file is wrong, and what to do."""
    match error:
        case BadSettings():
            line = _("{name}: {reason}. Correct it where you set it (environment, .env or file) and start again.")
            return line.format(name=error.name, reason=error.reason)
        case Refused():
            line = _("{setting}: the platform refused this token. Put in a new one and start again.")
            return line.format(setting=error.setting)
        case BadWeights():
            line = _("{path} {reason}. Restore it from the repository, or set DIGIT_WEIGHTS to a good folder.")
            return line.format(path=error.path, reason=error.reason)
    return replies.sentence(error)


def finding(verdict: str, subject: str, text: str) -> str:
    """A line of what `check` has found: `ok       port      127.0.0.1:8080 is free`."""
    return f"{VERDICTS[verdict]:<8} {subject:<9} {text}"


def cannot_write(path: object, reason: str) -> str:
    """One line for who draws to a file that cannot be written."""
    return _("{path} cannot be written ({reason}). Name another one with --out.").format(path=path, reason=reason)


def dataset(path: object, size: int, title: str, seed: int) -> str:
    """One line for who has drawn a data set."""
    line = ngettext(
        "{path}: {size} digit · {title} · seed {seed}", "{path}: {size} digits · {title} · seed {seed}", size
    )
    return line.format(path=path, size=f"{size:,}", title=title, seed=seed)


def welcome(address: str, catalog: Catalog, chats: Sequence[str]) -> str:
    """What the operator reads once the bot serves."""
    line = _("Digit Bot {version} draws at {address} with {models}. Stop it with Ctrl+C.")
    lines = [line.format(version=__version__, address=address, models=", ".join(catalog.names))]
    if chats:
        lines.append(_("Connecting to {chats}.").format(chats=_(" and ").join(name.title() for name in chats)))
    missing = _("Set {token} to serve {chat} too.")
    lines += [missing.format(token=token, chat=name.title()) for name, token in TOKENS.items() if name not in chats]
    return " ".join(lines)
