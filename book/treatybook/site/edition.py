"""The editions of the book: one site in several languages, with the same addresses in each.

The English pages lie at the root of the site, those of another language in a folder of its name.
"""

from __future__ import annotations

import gettext
import json
from functools import cache
from io import BytesIO
from pathlib import Path

from docutils import nodes
from markupsafe import Markup
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from treatybook.display.elements import element
from treatybook.evidence import wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import ROOT
from treatybook.evidence.wording import _
from treatybook.site import catalogues, scripts, translation
from treatybook.views.exports import FOLDER

CATALOGUES = ("sphinx", "booktheme")  # of Sphinx and of the theme
UNTRANSLATED = ("language-en", "tb-untranslated")


def address(page: str, language: str) -> str:
    """Where a page of a language lies, from the root of the site that this build writes."""
    up = "" if wording.spoken() == wording.SOURCE else "../"
    return f"{up}{page}" if language == wording.SOURCE else f"{up}{language}/{page}"


def pages(site: Path, language: str) -> Path:
    """Where the pages of a language lie in a site."""
    return site if language == wording.SOURCE else site / language


def printed(file: str, language: str) -> str:
    """Where a file lies that is made of the finished pages, from the root of the site.

    One folder has those of all languages; a PDF says its language, unless it is that of the book.
    """
    further = language != wording.SOURCE and file.endswith(".pdf")
    name = f"{file.removesuffix('.pdf')}-{language}.pdf" if further else file
    return f"{FOLDER}/{name}"


@cache
def _known() -> dict[str, dict[str, list]]:
    path = ROOT / translation.EDITION
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def keep_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Give the headings of a translated page the anchors of the English ones; mark what is English."""
    known = _known().get(app.env.docname.rpartition("/")[2])
    if not known:
        return
    sections = list(doctree.findall(nodes.section))
    for section, anchor in zip(sections, known["anchors"], strict=True):
        section["ids"] = [anchor]
    lines = set(known["english"])
    for node in doctree.findall(nodes.TextElement):
        if node.line in lines and not isinstance(node, nodes.literal_block | nodes.Inline):
            node["classes"] += UNTRANSLATED


def switch(app: Sphinx, pagename: str, templatename, context, doctree) -> None:
    """Name the same page in the other languages, for readers above it and for engines in its head."""
    page = f"{pagename}.html"
    links = [
        element(
            "a",
            wording.LANGUAGES[language],
            href=relative_uri(page, address(page, language)),
            hreflang=language,
            lang=language,
            class_="tb-language",
        )
        for language in wording.others()
    ]
    bar = element("nav", *links, class_="tb-languages d-print-none", aria_label=_("Language"))
    context["body"] = f"{bar}\n{context.get('body', '')}"
    if doctree is None:  # a page that Sphinx makes, and engines do not list
        return
    if base := app.config.html_baseurl:
        root = base.removesuffix(f"{wording.spoken()}/")
        told = {wording.SOURCE: f"{root}{page}"}
        told |= {one: f"{root}{one}/{page}" for one in wording.LANGUAGES if one not in told}
        tags = [
            element("link", rel="alternate", hreflang=language, href=href)
            for language, href in {**told, "x-default": told[wording.SOURCE]}.items()
        ]
        context["metatags"] = Markup("\n").join([Markup(context.get("metatags", "")), *tags])


def add_catalogues(app: Sphinx) -> None:
    """Give Sphinx and the theme the words of the package for what they would leave in English."""
    if (language := wording.spoken()) == wording.SOURCE:
        return
    folder = ROOT / "_build" / "catalogues"
    for name in CATALOGUES:
        path = folder / language / "LC_MESSAGES" / f"{name}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wording.compiled(language))
        app.add_message_catalog(name, str(folder))
        # Theirs come first, but for some that are to be said otherwise.
        own = gettext.GNUTranslations(BytesIO(wording.compiled(language, only=catalogues.THEME)))
        own.add_fallback(locale.get_translator(name))
        locale.translators["general", name] = own


def write_words(app: Sphinx, config) -> None:
    """Write the words of the scripts; the build copies them over Sphinx's own."""
    if (language := wording.spoken()) == wording.SOURCE:
        return
    config.nb_code_prompt_show = _("Show code cell {type}")
    config.nb_code_prompt_hide = _("Hide code cell {type}")
    config.html_theme_options["search_bar_text"] = _("Search this book...")
    folder = ROOT / "_build" / "words"
    write_text(folder / scripts.WORDS, catalogues.words_script(language))
    config.html_static_path.append(folder.relative_to(ROOT).as_posix())
