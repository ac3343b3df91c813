"""Which scripts a page loads and when: none that nothing needs, and none that holds back its text."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _JavaScript

from treatybook.evidence.tables import ROOT
from treatybook.site import stylesheets

# Scripts and styles that serve one thing: a page without it does without them.
NEEDED_FOR = {
    "lesson.js": 'class="[^"]*tb-step',
    "finding.js": "data-tools",
    "copybutton": 'class="highlight',
    "clipboard": 'class="highlight',
    "toggle": r'class="(?:[^"]* )?(?:toggle|toggle-details|admonition dropdown)[ "]',
    "design-tabs": "sd-tab",
    "sphinx-design": "sd-",
}
THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.DOTALL
)
# Statements in the page itself use what this file defines, so it stands there too.
SETTINGS = "documentation_options.js"
# Sphinx's name for the words of its scripts in another language than English.
WORDS = "translations.js"
SEARCH_SCRIPTS = ("searchtools.js", "language_data.js", "searchindex.js")
# On the search page, in this order: Sphinx answers as soon as its index is there, and by then the
# script that leads to the rows must have taken over.
LAST = (
    "finding.js",
    "rowsearch/names.js",
    "rowsearch/rows.js",
    "rowsearch/rowsearch.js",
    "searchindex.js",
)
SCRIPT = re.compile(r'[ \t]*<script\b([^>]*?)\bsrc="([^"]+)"([^>]*)></script>\n?')
# The theme asks for its scripts ahead of the styles that the text waits for.
PRELOAD = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')
# This sheet only names another one, which costs one more journey.
CHAINED = re.compile(r'styles/theme\.css(\?[^"]*)?"')


def fit_scripts(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Leave away scripts and styles that nothing on the page needs.

    Thebe goes always: the book does not use it, and its script comes from another host. The theme
    and its extensions have no switch for this.
    """
    body = context["body"] = THEBE.sub("", context.get("body", ""))
    absent = ["thebe", *(name for name, sign in NEEDED_FOR.items() if not re.search(sign, body))]
    for kind in ("script_files", "css_files"):
        files = context.get(kind, [])
        context[kind] = [f for f in files if not any(name in str(f).lower() for name in absent)]
    # The words of a language come before the scripts that say them.
    context["script_files"].sort(key=lambda file: not str(file.filename or "").endswith(WORDS))


def lighten(page: str, searches: bool) -> str:
    """The HTML of a page with no script that holds back its text.

    Parameters
    ----------
    page : str
        A whole page.
    searches : bool
        Whether it searches; any other page has no use for the index of the search.
    """
    head, end, rest = page.partition("</head>")
    head = SCRIPT.sub(lambda tag: _deferred(tag, searches), PRELOAD.sub("", head))
    for name in LAST if searches else ():
        for tag in [tag[0] for tag in SCRIPT.finditer(head) if name in tag[2]]:
            head = head.replace(tag, "") + tag
    return CHAINED.sub('basic.css"', head) + end + rest


def _deferred(tag: re.Match[str], searches: bool) -> str:
    before, address, after = tag.groups()
    if not searches and any(name in address for name in SEARCH_SCRIPTS):
        return ""
    waits = re.search(r"\b(defer|async|type)\b", before + after)
    return tag[0] if waits else tag[0].replace("<script", "<script defer", 1)


def lighten_pages(app: Sphinx) -> None:
    """Take out of every rendered page what no reader needs, before anything looks what it uses."""
    if app.builder.format != "html":
        return
    render = app.builder.templates.render
    # To read the theme's templates takes longer than to write a page with them.
    kept = ROOT / "_build" / "templates"
    kept.mkdir(parents=True, exist_ok=True)
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(kept))

    def rendered(template: str, context: dict) -> str:
        page = render(template, context)
        as_you_type = str(context.get("theme_search_as_you_type", "")).lower() == "true"
        page = lighten(page, searches=as_you_type or context.get("pagename") == "search")
        return stylesheets.lightened(page)

    app.builder.templates.render = rendered


def write_settings(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Write the settings of Sphinx's scripts into the page."""
    text = (Path(app.outdir) / "_static" / SETTINGS).read_text("utf-8").strip()
    context["script_files"] = [
        _JavaScript(None, priority=file.priority, body=text)
        if str(file.filename or "").endswith(SETTINGS)
        else file
        for file in context.get("script_files", [])
    ]
