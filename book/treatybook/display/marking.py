"""How a page says in which language a name is: ``span lang`` around what is in another language."""

from __future__ import annotations

import re

from markupsafe import Markup

from treatybook.display.elements import element
from treatybook.evidence.languages import RUN, Languages
from treatybook.evidence.wording import SOURCE

SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<[^>]*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
LANG = re.compile(r"\slang=\"([^\"]*)\"", re.IGNORECASE)
# Words of a Mongolian name within text in Cyrillic letters; those that only tables tell from
# Russian ones stay as they are.
MONGOLIAN = re.compile(r"[\u0400-\u04ff]*[өүӨҮ][\u0400-\u04ff]*")
CYRILLIC = ("ru", "mn")


def mark(html: str, languages: Languages, page: str = SOURCE) -> str:
    """Wrap what is not in the language of the page in ``span lang``, unless an element has said it.

    Parameters
    ----------
    html : str
        Part of a page.
    languages : Languages
        What is known of languages.
    page : str
        Language of the page.

    Returns
    -------
    str
        The same, with marks; everything else stays as it was, byte for byte.
    """
    parts: list[str] = []
    within: list[list] = []  # elements that say their language: name, depth, language
    position = 0
    for found in SCRIPT.finditer(html):
        told = within[-1][2] if within else page
        text = html[position : found.start()]
        # An English block on a page of another language is marked like an English page.
        parts.append(_marked(text, languages, told) if told in (page, SOURCE) else text)
        tag = found.group()
        parts.append(tag)
        position = found.end()
        name = TAG.match(tag)
        if name is None or tag.endswith("/>"):
            continue
        closes = tag.startswith("</")
        if not closes and (language := LANG.search(tag)):
            within.append([name[1], 1, language[1]])
        elif within and within[-1][0] == name[1]:
            within[-1][1] += -1 if closes else 1
            if not within[-1][1]:
                within.pop()
    parts.append(_marked(html[position:], languages, page))
    return "".join(parts)


def _marked(text: str, languages: Languages, page: str) -> str:
    """Text without elements, with marks."""

    def span(found: re.Match[str]) -> str:
        run = found.group()
        language = languages.of(run)
        if page not in CYRILLIC or language not in CYRILLIC:
            return element("span", Markup(run), lang=language)
        if language != page and run in languages.names:
            return element("span", Markup(run), lang=language)
        return MONGOLIAN.sub(lambda word: element("span", Markup(word[0]), lang="mn"), run)

    return RUN.sub(span, text)
