"""A Content-Security-Policy of its own for every page.

The pages are static and are read from a folder as often as from a server, so that no server can
send the policy: it stands in each page, before anything that it governs. It is computed from the
finished page, whoever wrote it, and allows the theme's inline scripts on that page by their
hashes. What stands in the article comes from the tables and the prose: no script runs there.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from bs4 import BeautifulSoup
from markupsafe import Markup
from sphinx.application import Sphinx

from treatybook.display.elements import element
from treatybook.evidence.files import write_text
from treatybook.site import fresh

# By the letter of the standard a page that is opened from a folder has no origin, so that 'self'
# would not cover the files beside it. Chromium and Firefox are kinder; "file:" asks no kindness.
# A page from a server gains nothing by it: browsers refuse it the files of the reader's disk.
OWN = "'self' file:"
SOURCES = {
    "default-src": "'none'",
    # Plotly and the theme write style elements and style attributes while the page is read,
    # with text that no hash can foresee. A style runs nothing and, below, reaches no other host.
    "style-src": f"{OWN} 'unsafe-inline'",
    # "data:" is for icons in the style sheets, "blob:" for saving a figure as an image.
    "img-src": f"{OWN} data: blob:",
    "font-src": OWN,
    "connect-src": OWN,
    "form-action": OWN,
    "base-uri": "'none'",
    "object-src": "'none'",
}
# A script element of any other type is a block of data: no browser runs it.
SCRIPT_TYPES = ("", "module", "text/javascript", "application/javascript")
OLD_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">\n?')
# The policy comes behind what tells how to read the bytes and before all else.
FIRST = re.compile(r"\A\s*<!doctype[^>]*>|<head(?:\s[^>]*)?>|<meta charset=[^>]*>", re.IGNORECASE)


def policy(html: str, additions: Mapping[str, str] | None = None) -> str:
    """The policy of one page: its own files, its own inline scripts, and nothing else.

    Parameters
    ----------
    html : str
        The finished page.
    additions : mapping of str to str, optional
        What this page may do besides, by directive, for example ``{"worker-src": "'self'"}``.
    """
    tags = BeautifulSoup(_frame(html), "html.parser").find_all(True)
    scripts = {tag.get_text() for tag in tags if tag.name == "script" and _runs(tag.attrs)}
    handlers = {
        code for tag in tags for name, code in tag.attrs.items() if code and name.startswith("on")
    }
    hashes = sorted(map(_hash, scripts | handlers))
    # Without this word hashes hold for script elements only, and the theme has two buttons
    # with handlers (full screen, print).
    word = ["'unsafe-hashes'"] if handlers else []
    sources = {**SOURCES, "script-src": " ".join([OWN, *word, *hashes])}
    for name, more in (additions or {}).items():
        known = sources.get(name, "'none'")
        sources[name] = more if known == "'none'" else f"{known} {more}"
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def _frame(html: str) -> str:
    """What the theme writes around the article; text of the article cannot end it early."""
    start, end = html.find("<article"), html.rfind("</article>")
    return html[:start] + html[end:] if -1 < start < end else html


def _runs(script: Mapping[str, str]) -> bool:
    """Whether the attributes of a script element say that its own text is run."""
    return "src" not in script and script.get("type", "").strip().lower() in SCRIPT_TYPES


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{b64encode(digest).decode()}'"


def secured(html: str, additions: Mapping[str, str] | None = None) -> str:
    """The page with its policy; one that it has already is computed anew.

    Parameters
    ----------
    html : str
        The finished page.
    additions : mapping of str to str, optional
        As for :func:`policy`.
    """
    bare = OLD_POLICY.sub("", html)
    place = max((match.end() for match in FIRST.finditer(bare[:2000])), default=0)
    # The words of a policy stand in single quotes, so that none of its signs needs an escape.
    allowed = Markup(policy(bare, additions))
    tag = element("meta", http_equiv="Content-Security-Policy", content=allowed)
    return f"{bare[:place]}{tag}\n{bare[place:]}"


def additions_for(name: str, listed: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """What the settings allow one page besides: those of the first pattern that fits its path."""
    return next((more for pattern, more in listed.items() if fnmatch(name, pattern)), {})


def secure_pages(app: Sphinx) -> None:
    """Write the policy into every page of the site that this build has written."""
    folder = Path(app.outdir)
    for path in fresh.unfinished(folder):
        name = path.relative_to(folder).as_posix()
        additions = additions_for(name, app.config.policy_additions)
        write_text(path, secured(path.read_text("utf-8"), additions))
    fresh.finished(folder)
