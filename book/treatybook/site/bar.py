"""The bar above a page: each of its buttons has a name that is seen and heard.

What the templates of the theme say in English, whatever the language, is said here too.
"""

from __future__ import annotations

import re

from treatybook.display.elements import element
from treatybook.evidence.wording import _

BAR = re.compile(r'<div class="bd-header-article.*?(?=<div id="jb-print-docs-body")', re.DOTALL)
TYPED = re.compile(
    r'(?<=<nav aria-label=")Page(?=">)|(?<=bd-docs-nav" aria-label=")Main(?=")|'
    r'(?<=title=")Toggle primary sidebar(?=")'
)
BUTTON = re.compile(r"(?P<start><button\b[^>]*>)(?P<inner>.*?)(?P<end></button>)", re.DOTALL)
# A word that is seen needs no other that appears when a mouse rests on it.
SAID = re.compile(r'\s(?:aria-label|title)="[^"]*"|\sdata-bs-(?:toggle="tooltip"|title="[^"]*")')
LABEL = "tb-label"


def names() -> dict[str, str]:
    """The word on each button, by a class that the theme gives the button or its sign."""
    return {
        "primary-toggle": _("Chapters"),
        "fa-rocket": _("Run"),
        # Beside it stands which word is meant: tables name sources of another kind.
        "fa-git": _("Source (of the book)").partition(" (")[0],
        "fa-download": _("Save"),
        "btn-fullscreen-button": _("Full screen"),
        "theme-switch-button": _("Colours"),
        "search-button": _("Search"),
        "secondary-toggle": _("Headings"),
    }


def named(page: str) -> str:
    """A page with a word on every button of its bar that is known; the same if done again."""
    said = TYPED.sub(lambda found: typed()[found[0]], page)
    return BAR.sub(lambda bar: BUTTON.sub(_named, bar[0]), said, count=1)


def typed() -> dict[str, str]:
    """Names in the theme's templates that it does not translate."""
    return {
        "Main": _("Main"),
        "Page": _("Page"),
        "Toggle primary sidebar": _("Toggle primary sidebar"),
    }


def _named(button: re.Match[str]) -> str:
    word = next((word for sign, word in names().items() if sign in button[0]), "")
    if not word or LABEL in button["inner"]:
        return button[0]
    label = element("span", word, class_=LABEL)
    return f"{SAID.sub('', button['start'])}{button['inner']}{label}{button['end']}"
