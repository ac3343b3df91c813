"""Measure one learner's server: start-up and memory of JupyterLab with one notebook run.

``python tests/bench_learner.py [PAGE]`` prints seconds and megabytes; a hub needs both numbers.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

BOOK = Path(__file__).resolve().parent.parent / "book"
PATIENCE = 60  # seconds to wait for the server


def megabytes(process: psutil.Process) -> float:
    """Memory of a process and its children, in MB; shared memory is counted for each."""
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 1e6


def main(page: str = "war") -> int:
    """Start JupyterLab, run one notebook beside it, and print what both took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", f"--port={port}", "--ServerApp.token=", "--allow-root"]
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=BOOK,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - start < PATIENCE:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/lab", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        print(f"JupyterLab answers after       {time.perf_counter() - start:6.1f} s")
        print(f"memory of JupyterLab           {megabytes(psutil.Process(server.pid)):6.0f} MB")
        notebook = nbformat.read(BOOK / f"{page}.ipynb", as_version=4)
        client = NotebookClient(notebook, resources={"metadata": {"path": str(BOOK)}})
        start = time.perf_counter()
        with client.setup_kernel():
            for number, cell in enumerate(notebook.cells):
                client.execute_cell(cell, number)
            kernel = psutil.Process(client.km.provisioner.pid)
            print(f"all cells of {page:<18}{time.perf_counter() - start:6.1f} s")
            print(f"memory of its kernel           {megabytes(kernel):6.0f} MB")
    finally:
        server.terminate()
        server.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
