"""Lighthouse's view of each kind of page: its four scores and what costs points."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from bench_pages import KINDS, NO_OUTSIDE
from bench_report import Report
from playwright.sync_api import sync_playwright
from treatybook.browser import BROWSER_FLAGS, find_browser

VERSION = "12.8.2"  # the last that runs on Node 20
CATEGORIES = {
    "performance": 95,
    "accessibility": 100,
    "best-practices": 100,
    "seo": 100,
}
SHORT = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
ICONS = "*fontawesome*"  # the theme's icons: more bytes than all the rest of a page
WITHOUT_ICONS = ("start", "chapter with figures")
MINUTES = 4 * 60  # seconds after which a page is given up


class Unusable(Exception):
    """Lighthouse cannot be run here."""


def installed(folder: Path) -> Path:
    """Path of the program, installed by npm if it is not there."""
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        raise Unusable("node and npm are not installed; Debian: apt-get install nodejs npm")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder)]
    done = subprocess.run([*command, f"lighthouse@{VERSION}"], capture_output=True, text=True)
    if done.returncode or not program.exists():
        raise Unusable(f"npm could not install lighthouse: {done.stderr.strip()[-300:]}")
    return program


def browser_path() -> str:
    if path := find_browser():
        return path
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def run(program: Path, browser: str, address: str, without: str = "") -> dict:
    """Lighthouse's whole result for one page, on its slow phone."""
    flags = ["--headless=new", NO_OUTSIDE, *BROWSER_FLAGS]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    command = [
        str(program),
        address,
        "--quiet",
        "--output=json",
        f"--chrome-flags={' '.join(flags)}",
    ]
    if without:
        command.append(f"--blocked-url-patterns={without}")
    environment = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=MINUTES)
    if done.returncode:
        raise Unusable(done.stderr.strip()[-500:])
    return json.loads(done.stdout)


def scores(result: dict) -> dict[str, int]:
    """The scores of a result, 0 to 100; a category that could not be scored is left out."""
    found = result["categories"]
    return {
        name: round(100 * found[name]["score"])
        for name in CATEGORIES
        if name in found and found[name]["score"] is not None
    }


def costs(result: dict) -> list[str]:
    """What keeps a page from full marks: each audit with the points it costs and what would help."""
    told = []
    for name in CATEGORIES:
        references = result["categories"].get(name, {}).get("auditRefs", [])
        weights = sum(reference["weight"] for reference in references) or 1
        for reference in references:
            audit = result["audits"][reference["id"]]
            if audit["score"] is None or audit["score"] >= 1:
                continue
            points = 100 * reference["weight"] * (1 - audit["score"]) / weights
            saved = {
                key: value for key, value in (audit.get("metricSavings") or {}).items() if value
            }
            if points >= 0.5 or saved:
                told.append((points, _told(name, reference["id"], points, audit, saved)))
    return [text for _, text in sorted(told, key=lambda item: -item[0])]


def _told(category: str, audit_id: str, points: float, audit: dict, saved: dict) -> str:
    text = f"{SHORT[category]}: {audit_id}"
    text += f", {points:.0f} points" if points >= 0.5 else ", would help"
    if value := audit.get("displayValue"):
        text += f", {value.replace(chr(160), ' ')}"
    if saved:
        text += (
            f" (would save {', '.join(f'{key} {value:.0f}' for key, value in saved.items())} ms)"
        )
    named = [_item(item) for item in (audit.get("details") or {}).get("items", [])[:3]]
    return f"{text}: {'; '.join(filter(None, named))}" if any(named) else text


def _item(item: dict) -> str:
    node = item.get("node")
    if isinstance(node, dict):
        return node.get("snippet", "")[:100]
    address = item.get("url") or item.get("source") or ""
    return address.rsplit("/", 1)[-1].split("?")[0][:60] if isinstance(address, str) else ""


def asks_for_icons(result: dict) -> bool:
    requests = result["audits"].get("network-requests", {}).get("details", {}).get("items", [])
    return any("fontawesome" in item.get("url", "") for item in requests)


def measure(report: Report, ours: str, theirs: str, folder: Path) -> None:
    """Score every kind of page; once more without the theme's icons while they are still there."""
    program, browser = installed(folder), browser_path()
    for kind, (page, other) in KINDS.items():
        result = run(program, browser, f"{ours}/{page}")
        rival = (
            scores(run(program, browser, f"{theirs}/{other}")) if other and kind != "search" else {}
        )
        _tell(report, kind, result, rival)
        if kind in WITHOUT_ICONS and asks_for_icons(result):
            _tell(
                report, f"{kind}, icons blocked", run(program, browser, f"{ours}/{page}", ICONS), {}
            )


def _tell(report: Report, kind: str, result: dict, rival: dict[str, int]) -> None:
    for name, score in scores(result).items():
        what = f"Lighthouse, {kind}: {SHORT[name]}"
        told = f"Lighthouse: {kind}, {SHORT[name]}" if rival and name in rival else ""
        if name in rival:
            report.add(what, score, "", theirs=rival[name], told=told)
        else:
            report.add(what, score, "", budget=CATEGORIES[name])
    for text in costs(result):
        print(f"    {text}")
