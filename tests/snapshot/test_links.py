"""Data behind links, submodules and DVC: the same everywhere, or told."""

from __future__ import annotations

import pytest
from corpora import nlu_yaml

from dvcinc.config import Data
from dvcinc.errors import CannotTellError, InputError
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import CommitSource, FolderSource, IndexSource

NLU = nlu_yaml("greet: hi | hello\nbye: ciao")
DATA = Data(nlu=("data",), domain=("domain.yml",), config="config.yml", given=True)


def examples(source, data=DATA):
    return set(Reader().corpus(source, data).examples)


def sources(made):
    git = open_git(made.path)
    return (
        CommitSource(git, "HEAD", git.commit("HEAD")),
        IndexSource(git),
        FolderSource(made.path),
    )


@pytest.mark.parametrize("nlu", ["data", "data/nlu", "data/nlu/all.yml"])
def test_a_linked_folder_is_read_alike_from_commit_index_and_work_tree(repo, nlu):
    made = repo({"shared/bot/nlu/all.yml": NLU})
    (made.path / "data").symlink_to("shared/bot")
    made.commit()
    data = Data(nlu=(nlu,), domain=(), config="config.yml", given=True)
    assert [len(examples(source, data)) for source in sources(made)] == [3, 3, 3]


def test_data_tracked_by_dvc_cannot_be_told_from_git(repo):
    made = repo({"data.dvc": "outs:\n- md5: 0.dir\n  path: data\n"})
    with pytest.raises(CannotTellError, match=r"data is tracked by DVC \(data\.dvc\)"):
        examples(sources(made)[0])


def test_a_submodule_cannot_be_told_from_outside(repo):
    inner = repo({"nlu.yml": NLU}, name="inner")
    made = repo({"config.yml": ""})
    made.git("submodule", "--quiet", "add", inner.path.as_uri(), "data")
    made.commit()
    with pytest.raises(CannotTellError, match="data is a submodule"):
        examples(sources(made)[0])
    assert len(examples(sources(made)[2])) == 3


def test_a_link_out_of_the_project_is_refused(repo, tmp_path):
    (tmp_path / "elsewhere.yml").write_text(NLU, encoding="utf-8")
    made = repo({"config.yml": ""})
    (made.path / "data").mkdir()
    (made.path / "data/nlu.yml").symlink_to(tmp_path / "elsewhere.yml")
    with pytest.raises(InputError, match=r"data/nlu\.yml: a link that leads out"):
        examples(sources(made)[2])


def test_dvcs_link_into_its_cache_is_followed(repo, tmp_path):
    cached = tmp_path / "cache/files/md5/0a" / ("b" * 30)
    cached.parent.mkdir(parents=True)
    cached.write_text(NLU, encoding="utf-8")
    made = repo({"config.yml": ""})
    (made.path / "data").mkdir()
    (made.path / "data/nlu.yml").symlink_to(cached)
    assert len(examples(sources(made)[2])) == 3
