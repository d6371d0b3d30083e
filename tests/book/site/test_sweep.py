"""Which files a site uses: what its pages and sheets name, and nothing else."""

from pathlib import Path

import pytest

from book.site import sweep

FILES = {
    "index.html": '<link rel="stylesheet" href="a/site.css?v=1"><a href="p/one.html#top">1</a><a href="https://x.org/y">x</a>',
    "p/one.html": '<img src="../a/picture.png"><a href="../index.html">back</a><a href="gone.html">gone</a>',
    "a/site.css": 'b{background:url("face.woff2")} i{background:url(data:image/png;base64,AA)}',
    "a/face.woff2": "face",
    "a/picture.png": "picture",
    "a/left.js": "left",
    "b/c/left.png": "left",
    ".buildinfo": "kept",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf8")
    (tmp_path / "outside.txt").write_text("not ours", "utf8")
    return tmp_path / "site"


def names(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*")}


def test_used_follows_pages_and_sheets(site: Path) -> None:
    reached = {path.relative_to(site).as_posix() for path in sweep.used(site, "index")}
    assert reached == {"index.html", "p/one.html", "a/site.css", "a/face.woff2", "a/picture.png"}


def test_nothing_outside_the_site_is_reached(site: Path) -> None:
    (site / "index.html").write_text('<a href="../outside.txt">out</a>', "utf8")
    assert sweep.used(site, "index") == {site / "index.html"}


def test_the_rest_goes_with_the_folders_it_leaves_empty(site: Path) -> None:
    sweep.remove_unused(site, "index")
    assert names(site) == {
        "index.html", "p", "p/one.html", "a", "a/site.css", "a/face.woff2", "a/picture.png", ".buildinfo",
    }
