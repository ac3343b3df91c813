"""The bar above a page: each of its buttons has a name that is seen and heard."""

from __future__ import annotations

import re

from treatybook.display.elements import element

# What the theme calls a button, and the word that stands on it.
NAMES = {
    "Toggle primary sidebar": "Chapters",
    "Launch interactive content": "Run",
    "Source repositories": "Source",
    "Download this page": "Save",
    "Fullscreen mode": "Full screen",
    "Color mode": "Colours",
    "Search": "Search",
    "Toggle secondary sidebar": "Headings",
}
BAR = re.compile(r'<div class="bd-header-article.*?(?=<div id="jb-print-docs-body")', re.DOTALL)
BUTTON = re.compile(r"(?P<start><button\b[^>]*>)(?P<inner>.*?)(?P<end></button>)", re.DOTALL)
# A word that is seen needs no other that appears when a mouse rests on it.
SAID = re.compile(
    r'\s(?:aria-label|title)="(?P<name>[^"]*)"|\sdata-bs-(?:toggle="tooltip"|title="[^"]*")'
)
LABEL = "tb-label"


def named(page: str) -> str:
    """A page with a word on every button of its bar that is known; the same if done again."""
    return BAR.sub(lambda bar: BUTTON.sub(_named, bar[0]), page, count=1)


def _named(button: re.Match[str]) -> str:
    said = [found["name"] for found in SAID.finditer(button["start"]) if found["name"]]
    word = next((NAMES[name] for name in said if name in NAMES), "")
    if not word or LABEL in button["inner"]:
        return button[0]
    label = element("span", word, class_=LABEL)
    return f"{SAID.sub('', button['start'])}{button['inner']}{label}{button['end']}"
