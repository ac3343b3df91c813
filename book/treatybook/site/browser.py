"""The browser that the tests and the printing share: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The first has no windows and is the lightest: the others draw their whole frame unseen.
CHROMIUM = ("chromium-headless-shell", "chromium")
BROWSERS = (*CHROMIUM, "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
# Letters stand where the font has them: rounded to whole pixels, a printed word would fall apart
# for whoever searches or copies it.
EXACT = "--font-render-hinting=none"
BROWSER_FLAGS = (*QUIET, "--no-first-run", EXACT)
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


class NoBrowser(RuntimeError):
    """No browser could be started; the message says how to get one."""


def at_hand() -> str | None:
    """Path of an installed browser, Playwright's too; None if there is none."""
    if path := next(filter(None, map(shutil.which, BROWSERS)), None):
        return path
    with suppress(ImportError):
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
            return path if Path(path).is_file() else None
    return None


def find_browser() -> str | None:
    """Path of a browser, installed by Debian's packages if none is found; None for Playwright's."""
    if path := next(filter(None, map(shutil.which, BROWSERS)), None):
        return path
    if IS_ROOT and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        for name in CHROMIUM:
            subprocess.run(["apt-get", "install", "-y", "-qq", name], check=False)
            if path := shutil.which(name):
                return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return None


@contextmanager
def running() -> Iterator[Browser]:
    """Start a browser, and close it at the end of the ``with`` block.

    Yields
    ------
    playwright.sync_api.Browser
        A Chromium or Chrome without a window.

    Raises
    ------
    NoBrowser
        If none could be started.
    """
    from playwright.sync_api import sync_playwright

    path = find_browser()
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if IS_ROOT else [])]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=flags)
        except Exception as error:
            raise NoBrowser(
                "no browser could be started; install one with 'apt-get install chromium' "
                f"or '.venv/bin/python -m playwright install chromium' ({error})"
            ) from error
        with browser:
            yield browser
