"""Where the book lies: the repository that builds it, and the public address of the site."""

from __future__ import annotations

import os
import re
import subprocess
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from treatybook.evidence.tables import ROOT


def repository_url() -> str:
    """Web address of the repository that builds the book, or an empty text.

    Looked for in ``BOOK_REPOSITORY``, in the variables of GitHub Actions, and in the
    address of the git remote ``origin``.
    """
    if address := os.environ.get("BOOK_REPOSITORY"):
        return address.rstrip("/")
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    command = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    address = answer.stdout.strip().removesuffix(".git")
    if address.startswith("git@"):
        address = "https://" + address.removeprefix("git@").replace(":", "/", 1)
    return address if address.startswith("https://") and "@" not in address else ""


def repository_branch() -> str:
    """Branch that the launch and edit links name."""
    return os.environ.get("GITHUB_REF_NAME") or "main"


def link_repository(app: Sphinx, config) -> None:
    """Give the theme the repository's address, or take its dead buttons away."""
    options = config.html_theme_options
    address = repository_url()
    for button in ("use_repository_button", "use_edit_page_button", "use_issues_button"):
        options[button] = bool(address)
    options["repository_url"] = address
    options["repository_branch"] = repository_branch()
    if not address:
        options["launch_buttons"] = {}


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
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ExtensionError(
                f"BOOK_SITE is {address!r}; write it like https://example.org/book/"
            )
        return f"{address.rstrip('/')}/"
    match = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+)", repository_url())
    if not (match and os.environ.get("GITHUB_REPOSITORY")):
        return ""
    owner, name = match[1].lower(), match[2]
    is_root = name.lower() == f"{owner}.github.io"
    return f"https://{owner}.github.io/" if is_root else f"https://{owner}.github.io/{name}/"


def set_address(app: Sphinx, config) -> None:
    """Canonical links follow the public address."""
    config.html_baseurl = public_address()
