"""The documentation as a site: it builds without a warning, finds Chinese words and fetches nothing."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

FETCHED = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["'](?:https?:)?//[^"']+""")


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly."""
    place = tmp_path_factory.mktemp("site")
    command = [
        sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q",
        "-d", str(place / "trees"), str(root / "docs"), str(place / "html"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place / "html"


def test_every_document_is_a_page(root: Path, built: Path) -> None:
    wanted = {path.stem for path in (root / "docs").glob("*.md")}

    assert wanted <= {path.stem for path in built.glob("*.html")}


def test_no_page_fetches_anything_from_elsewhere(built: Path) -> None:
    pages = sorted(built.rglob("*.html"))

    assert pages
    assert [(page.name, found) for page in pages for found in FETCHED.findall(page.read_text("utf-8"))] == []


def test_the_search_knows_chinese_words(built: Path) -> None:
    index = json.loads((built / "searchindex.js").read_text("utf-8")[len("Search.setIndex(") : -1])

    assert "空库" in index["terms"]
