"""Where the book lies: the repository that builds it, and the public address of the site."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from treatybook.display.markdown import notebook_files
from treatybook.evidence import wording
from treatybook.evidence.tables import NOTEBOOK_FOLDER, ROOT


def git(*arguments: str) -> str:
    """What git says of the repository; nothing where it cannot be asked."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def repository_url() -> str:
    """Web address of the repository that builds the book, or an empty text.

    Looked for in ``BOOK_REPOSITORY``, in the variables of GitHub Actions, and in the
    address of the git remote ``origin``.
    """
    if address := os.environ.get("BOOK_REPOSITORY"):
        return address.rstrip("/")
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    address = git("remote", "get-url", "origin").removesuffix(".git")
    address = re.sub(r"^git@([^:]+):", r"https://\1/", address)
    return address if address.startswith("https://") and "@" not in address else ""


def link_repository(app: Sphinx, config) -> None:
    """Give the theme the repository's address, or take its dead buttons away."""
    options, address = config.html_theme_options, repository_url()
    for button in ("use_repository_button", "use_edit_page_button", "use_issues_button"):
        options[button] = bool(address)
    options["repository_url"] = address
    options["repository_branch"] = os.environ.get("GITHUB_REF_NAME") or "main"
    if not address:
        options["launch_buttons"] = {}


def launch_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    """The launch buttons of a page open its notebook; the theme looks for one beside the page."""
    file = notebook_files().get(PurePosixPath(pagename).name)
    for group in context.get("header_buttons", ()):
        for button in group.get("buttons", ()) if group.get("label") == "launch-buttons" else ():
            place, _, _ = button["url"].rpartition(f"/{pagename}.")
            button["url"] = f"{place}/{NOTEBOOK_FOLDER.name}/{_own()}{file}"


def public_address() -> str:
    """Web address of the built book with a slash at its end, or an empty text.

    Looked for in ``BOOK_SITE``; else, on GitHub Actions, made from the repository's name.

    Raises
    ------
    ExtensionError
        If ``BOOK_SITE`` is not a web address.
    """
    if address := os.environ.get("BOOK_SITE"):
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.netloc:
            return f"{address.rstrip('/')}/"
        raise ExtensionError(f"BOOK_SITE is {address!r}; write it like https://example.org/book/")
    match = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+)", repository_url())
    if not (match and os.environ.get("GITHUB_REPOSITORY")):
        return ""
    host, name = f"{match[1].lower()}.github.io", match[2]
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def set_address(app: Sphinx, config) -> None:
    """Canonical links follow the public address."""
    address = public_address()
    config.html_baseurl = f"{address}{_own()}" if address else ""


def _own() -> str:
    """The folder of this build's language, on the site and among the notebooks."""
    return "" if wording.spoken() == wording.SOURCE else f"{wording.spoken()}/"
