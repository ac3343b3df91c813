"""One command for everything: ``python -m treatybook build``, ``check``, ``audit`` and the rest."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

# The parts are imported when they are asked for: a check needs no Sphinx and no browser.
COMMANDS = {
    "check": ("evidence.validation", "check the data tables, those of a folder if one is named"),
    "audit": ("views.audit", "tell how far the evidence goes and what is open"),
    "notebooks": ("site.notebooks", "write the notebooks for JupyterLab"),
    "translate": ("site.catalogues", "renew the catalogues of the other languages"),
    "build": ("site.build", "check, write the notebooks and build the book"),
    "print": ("site.printing", "make PDFs and a copy to take along out of the built book"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; 2 if there is none of that name. Only ``check`` takes a folder."""
    command, *more = arguments or ("",)
    if command not in COMMANDS or (more and command != "check"):
        listed = "\n".join(f"  {name:10} {words}" for name, (_, words) in COMMANDS.items())
        print(f"usage: python -m treatybook COMMAND\n\n{listed}", file=sys.stderr)
        return 2
    module, _ = COMMANDS[command]
    return import_module(f"treatybook.{module}").main(*more)


if __name__ == "__main__":
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # A terminal or file of Windows may lack the letters of a message: show their numbers.
        stream.reconfigure(errors="backslashreplace")
    code = main(sys.argv[1:])
    # Else Python, before it ends, looks once more for dead ones among all that a build has read.
    gc.freeze()
    raise SystemExit(code)
