"""HTML in which forgetting to escape is impossible: text stays text, and only elements are markup."""

from __future__ import annotations

import json
from collections.abc import Iterable

from markupsafe import Markup, escape

VOID = frozenset({"br", "img", "input", "link", "meta"})  # elements without content


def element(tag: str, *inner: object, **attributes: object) -> Markup:
    """An element; what is not markup already is escaped.

    Parameters
    ----------
    tag : str
        Its name.
    *inner
        What it holds, one after the other.
    **attributes
        ``class_`` is written ``class``, and ``data_sort`` is written ``data-sort``. One whose
        value is ``True`` stands alone; one that is empty is left out.
    """
    written = "".join(_attribute(*pair) for pair in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{joined(inner)}</{tag}>")


def _attribute(name: str, value: object) -> str:
    if value in (None, False, ""):
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(value)}"'


def joined(parts: Iterable[object], between: str = "") -> Markup:
    """Parts one after the other; what is not markup already is escaped."""
    return Markup(between).join(parts)


def inert(text: str) -> Markup:
    """JSON for a script element, which no ``</`` in a text can end early."""
    return Markup(text.replace("</", "<\\/"))


def data_block(content: object, **attributes: object) -> Markup:
    """A block of JSON that no browser runs: a script reads it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return element("script", inert(text), type="application/json", **attributes)
