"""Lighthouse's scores of a built page: ``.venv/bin/python tests/lighthouse.py``.

Started by hand, and needs Node: npx fetches Lighthouse. Prints the four scores and what costs
points. A page and the folder of a site may follow: ``book/clauses.html _build/html``, or of the
plain Jupyter Book that ``make bench`` makes, ``intro.html _build/bench/template/_build/html``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench_server import serving
from treatybook.site.browser import BROWSER_FLAGS, find_browser

PROGRAM = ("npx", "--yes", "lighthouse@12.8.2", "--output=json", "--quiet")  # runs on Node 20
# Chromium wants no sandbox where it runs as root; nothing outside answers.
FLAGS = ("--headless=new", "--no-sandbox", "--proxy-server=http://127.0.0.1:9", *BROWSER_FLAGS)


def main(page: str = "book/index.html", site: str = "_build/html") -> None:
    environment = {**os.environ, "CHROME_PATH": find_browser() or ""}
    with serving(Path(site)) as address:
        command = [*PROGRAM, f"{address}/{page}", f"--chrome-flags={' '.join(FLAGS)}"]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    result = json.loads(done.stdout)
    for category in result["categories"].values():
        print(f"{100 * (category['score'] or 0):.0f} {category['title']}")
        for reference in category["auditRefs"]:
            audit = result["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"    {audit['title']} {audit.get('displayValue', '')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
