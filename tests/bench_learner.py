"""What one learner's server takes, for who sets up a hub; the page ``run`` tells the numbers.

After ``make notebooks``: ``.venv/bin/python tests/bench_learner.py [PAGE]``.
"""

from __future__ import annotations

import subprocess
import sys
import time

import nbformat
import psutil
from nbclient import NotebookClient
from treatybook.display.markdown import notebook_files

SERVER = ["jupyterlab", "--no-browser", "--allow-root", "--port=0"]


def megabytes(number: int) -> float:
    """Memory of a process and its children; what they share is counted for each."""
    process = psutil.Process(number)
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 1e6


def main(page: str = "war") -> None:
    start = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", *SERVER], cwd="notebooks", stderr=subprocess.PIPE, text=True
    )
    try:
        # It tells its address when it is ready to answer.
        next(line for line in server.stderr if "http://" in line)
        print(f"JupyterLab answers after {time.perf_counter() - start:.1f} s")
        print(f"memory of JupyterLab: {megabytes(server.pid):.0f} MB")
        notebook = nbformat.read(f"notebooks/{notebook_files()[page]}", as_version=4)
        client = NotebookClient(notebook, resources={"metadata": {"path": "notebooks"}})
        with client.setup_kernel():
            for number, cell in enumerate(notebook.cells):
                client.execute_cell(cell, number)
            print(f"memory of the kernel of {page}: {megabytes(client.km.provisioner.pid):.0f} MB")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
