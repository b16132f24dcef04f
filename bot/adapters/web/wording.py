"""The words of the page."""

from bot.i18n import lazy

NAME = lazy("Digit Bot")
GREETING = lazy(
    "Hello! Type a digit and I draw it five times, a little differently each time. "
    "A year or a date works too. Or start with one of these:"
)
WORDS = {
    "name": NAME,
    "tagline": lazy("Draws digits that nobody ever wrote"),
    "about": lazy("A chat bot that draws handwritten digits that nobody ever wrote."),
    "controls_label": lazy("Change how the newest picture is drawn"),
    "conversation": lazy("Conversation"),
    "noscript": lazy("This page needs JavaScript. Pictures come without it too: open /digit/4.png."),
    "picker_label": lazy("Pick a digit to draw"),
    "line_label": lazy("Command"),
    "placeholder": lazy("4, 2026 or 3-8"),
    "send": lazy("Send"),
}
"""Words in the page's HTML."""
SCRIPT_WORDS = {
    "you": lazy("You"),
    "bot": NAME,
    "unreachable": lazy("I can't be reached right now. Please try again in a moment."),
    "again": lazy("Again"),
    "copy": lazy("Copy link"),
    "copied": lazy("Link copied"),
    "download": lazy("Download"),
    "originals": lazy("Originals"),
    "reuse": lazy("Reuse seed"),
}
"""Words that the page's script writes."""
