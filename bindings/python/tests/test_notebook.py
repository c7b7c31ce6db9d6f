"""The notebook runs, and says what it said when it was committed, and what the documents say."""

import os
import re

import nbformat
from conftest import ROOT
from nbclient import NotebookClient

NOTEBOOK = ROOT / "docs" / "revcast.ipynb"


def said(notebook):
    """What its cells put out, as text."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = output.get("text") or data.get("text/html") or data["text/plain"]
            texts.append(re.sub(r'src="[^"]*"', "", text))
    return texts


def test_the_notebook_says_what_it_said():
    committed = nbformat.read(NOTEBOOK, as_version=4)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=600, resources={"metadata": {"path": str(ROOT / "docs")}}).execute()
    if os.environ.get("WRITE_NOTEBOOK"):
        for cell in notebook.cells:
            cell.metadata = {}
        nbformat.write(notebook, NOTEBOOK)
        committed = notebook
    assert said(notebook) == said(committed)
    # The README's figures of the plan.
    text = "\n".join(said(notebook))
    for figure in [re.search(r"€[\d.]+M to €[\d.]+M", (ROOT / "README.md").read_text())[0], "47 in 100"]:
        assert figure in text
