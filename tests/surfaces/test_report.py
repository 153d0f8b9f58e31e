"""`dvcinc report` on the command line: what it writes, prints, and refuses."""

from __future__ import annotations

import json
import re

import pytest
import stories
from surfaces.run import dvcinc, python

from dvcinc.release import getting

WITHOUT = "import sys; sys.modules['vl_convert'] = None\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    path = tmp_path_factory.mktemp("project") / "bot"
    stories.history(path, 4)
    return path


def run(project, *arguments, code=0):
    done = dvcinc(project, "report", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_a_page_is_written_and_named(project):
    done = run(project)
    assert re.fullmatch(r"report\.html: 4 models, \d+ kB\n", done.stdout)
    text = (project / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert re.search(r"<h1>Models at HEAD \([0-9a-f]{10}\)</h1>", text)


def test_a_page_goes_where_it_is_told(project, tmp_path):
    path = tmp_path / "new" / "page.html"
    assert run(project, "-o", str(path)).stdout.startswith(str(path))
    assert path.is_file()


def test_a_page_looks_back_from_a_revision(project, tmp_path):
    path = tmp_path / "page.html"
    run(project, "HEAD~2", "-o", str(path))
    assert "Models at HEAD~2 (" in path.read_text(encoding="utf-8")
    assert run(project, "HEAD~2", "-n", "1", "-o", str(path)).stdout.count("1 model,")


def test_markdown_is_printed_or_written(project, tmp_path):
    said = run(project, "--markdown").stdout
    assert said.startswith("### Models at HEAD `(")
    path = tmp_path / "report.md"
    run(project, "--markdown", "-o", str(path))
    assert path.read_text(encoding="utf-8") == said


def test_noise_is_taken_from_a_comparison(project, tmp_path):
    metrics = [{"name": "macro_f1", "scratch": [0.9, 0.91]}]
    said = {"schema": "dvcinc/comparison/1", "commit": None, "metrics": metrics}
    file, page = tmp_path / "compare.json", tmp_path / "page.html"
    file.write_text(json.dumps(said), encoding="utf-8")
    run(project, "--compare", str(file), "-o", str(page))
    assert "2 trainings from scratch" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere"),
        (["--compare", "lineage.json"], "has schema 'dvcinc/lineage/2'"),
        (["-o", "lineage.json/page.html"], "cannot be written"),
        (["-n", "0"], "0"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(project, arguments, said):
    before = sorted(project.rglob("*.html"))
    done = run(project, *arguments, code=2)
    assert said in done.stderr
    assert sorted(project.rglob("*.html")) == before


def test_without_its_extra_a_page_names_it_and_markdown_needs_none(project):

    call = "from dvcinc.__main__ import main\nsys.argv = ['dvcinc', 'report'{}]\nmain()"
    done = python(project, WITHOUT + call.format(", '-o', 'none.html'"))
    assert done.returncode == 2
    assert getting("report") in done.stderr
    assert not (project / "none.html").exists()
    assert python(project, WITHOUT + call.format(", '--markdown'")).returncode == 0
