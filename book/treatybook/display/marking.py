"""How a page says in which language a name is: ``span lang`` around what is not in Latin letters."""

from __future__ import annotations

import re

from markupsafe import Markup

from treatybook.display.elements import element
from treatybook.evidence.languages import RUN, Languages

SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<[^>]*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
LANG = re.compile(r"\slang=", re.IGNORECASE)


def mark(html: str, languages: Languages) -> str:
    """Wrap what is not in Latin letters in ``span lang``, unless an element has said it.

    Parameters
    ----------
    html : str
        Part of a page.
    languages : Languages
        What is known of languages.

    Returns
    -------
    str
        The same, with marks; everything else stays as it was, byte for byte.
    """

    def span(found: re.Match[str]) -> str:
        text = found.group()
        return element("span", Markup(text), lang=languages.of(text))

    parts: list[str] = []
    marked, depth, position = "", 0, 0
    for found in SCRIPT.finditer(html):
        text = html[position : found.start()]
        parts.append(text if marked else RUN.sub(span, text))
        tag = found.group()
        parts.append(tag)
        position = found.end()
        name = TAG.match(tag)
        if name is None or tag.endswith("/>"):
            continue
        if marked and name[1] == marked:
            depth += -1 if tag.startswith("</") else 1
            marked = marked if depth else ""
        elif not marked and LANG.search(tag):
            marked, depth = name[1], 1
    parts.append(RUN.sub(span, html[position:]))
    return "".join(parts)
