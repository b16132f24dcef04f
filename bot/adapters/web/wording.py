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
    "share": lazy("Share"),
    "copy_picture": lazy("Copy picture"),
    "picture_copied": lazy("Picture copied"),
    "download": lazy("Download"),
    "originals": lazy("Originals"),
    "reuse": lazy("Reuse seed"),
    "seed": lazy("Seed"),
    "scores": lazy("What the scores say"),
}
"""Words that the page's script writes."""
GALLERY_WORDS = {
    "title": lazy("Gallery"),
    "about": lazy("Pictures drawn since this page was opened"),
    "close": lazy("Close"),
}
"""Words of the gallery."""
HAND_WORDS = {
    "open": lazy("In your hand"),
    "title": lazy("Any number in your hand"),
    "close": lazy("Close"),
    "canvas": lazy("A sheet to write on with mouse, finger or pen; a photo can be chosen, pasted or dropped instead"),
    "hint": lazy("Write a digit here, or paste or drop a photo of one"),
    "undo": lazy("Undo"),
    "clear": lazy("Clear"),
    "file": lazy("Photo"),
    "choose": lazy("Choose a photo"),
    "pen": lazy("Pen"),
    "reading": lazy("Reading"),
    "about": lazy("I read while you write. Nothing of it is kept."),
    "seen": lazy("As the networks see it"),
    "bars": lazy("Probability of each digit"),
    "answers": lazy("In your hand"),
    "yours": lazy("Your hand"),
    "between": lazy("Between your hand and mine"),
    "mine": lazy("My hand"),
    "number": lazy("Any number"),
    "keep": lazy("Send to the chat"),
}
"""Words of the pad."""
PLAYGROUND_WORDS = {
    "title": lazy("Playground"),
    "close": HAND_WORDS["close"],
    "digit": lazy("Digit"),
    "count": lazy("How many"),
    "seed": lazy("Seed"),
    "fresh": lazy("New seed"),
    "walk": lazy("Drag the dot to walk through digits like these"),
    "across": lazy("Walk left and right"),
    "up": lazy("Walk up and down"),
    "start": lazy("Back to the middle"),
    "keep": HAND_WORDS["keep"],
}
"""Words of the playground."""
PLAYGROUND_SCRIPT_WORDS = {"unreachable": SCRIPT_WORDS["unreachable"]}
"""Words that the playground's script writes."""
HAND_SCRIPT_WORDS = {"about": HAND_WORDS["about"], "unreachable": SCRIPT_WORDS["unreachable"]}
"""Words that the pad's script writes."""
