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
        FolderSource(made.path, git=git),
    )


@pytest.mark.parametrize("nlu", ["data", "data/nlu", "data/nlu/all.yml"])
def test_a_linked_folder_is_read_alike_from_commit_index_and_work_tree(repo, nlu):
    made = repo({"shared/bot/nlu/all.yml": NLU})
    (made.path / "data").symlink_to("shared/bot")
    made.commit()
    data = Data(nlu=(nlu,), domain=(), config="config.yml", given=True)
    assert [len(examples(source, data)) for source in sources(made)] == [3, 3, 3]


def test_data_tracked_by_dvc_cannot_be_told_from_git(repo):
    made = repo({"data.dvc": f"outs:\n- md5: {'0' * 32}.dir\n  path: data\n"})
    for source in sources(made):
        with pytest.raises(CannotTellError, match=r"tracked by DVC \(data\.dvc"):
            examples(source)


@pytest.mark.parametrize("place", ["data", "data/sub"])
def test_a_submodule_is_read_at_its_commit_from_its_own_clone(repo, place):
    inner = repo({"nlu.yml": NLU}, name="inner")
    made = repo({"config.yml": ""})
    made.git("submodule", "--quiet", "add", inner.path.as_uri(), place)
    made.commit()
    assert [len(examples(source)) for source in sources(made)] == [3, 3, 3]
    below = Data(nlu=(f"{place}/nlu.yml",), domain=(), config="config.yml", given=True)
    assert [len(examples(source, below)) for source in sources(made)] == [3, 3, 3]


def test_a_submodules_earlier_commit_is_read_for_an_earlier_commit(repo):
    inner = repo({"nlu.yml": NLU}, name="inner")
    made = repo({"config.yml": ""})
    made.git("submodule", "--quiet", "add", inner.path.as_uri(), "data")
    made.commit()
    inner.commit({"nlu.yml": NLU + "    - see you\n"})
    made.git("submodule", "--quiet", "update", "--remote")
    made.commit()
    git = open_git(made.path)
    sides = [CommitSource(git, r, git.commit(r)) for r in ("HEAD~1", "HEAD")]
    assert [len(examples(source)) for source in sides] == [3, 4]


def test_a_submodule_that_was_not_cloned_cannot_be_told(repo, tmp_path):
    inner = repo({"nlu.yml": NLU}, name="inner")
    made = repo({"config.yml": ""})
    made.git("submodule", "--quiet", "add", inner.path.as_uri(), "data")
    made.commit()
    clone = tmp_path / "clone"
    made.git("clone", "--quiet", str(made.path), str(clone))
    git = open_git(clone)
    commit = CommitSource(git, "HEAD", git.commit("HEAD"))
    for source in (commit, IndexSource(git), FolderSource(clone, git=git)):
        with pytest.raises(CannotTellError, match=r"^data \(.*\) is a submodule") as e:
            examples(source)
        assert e.value.hint.startswith("run git submodule update --init data")


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


LINKED = Data(nlu=("data",), domain=(), config="config.yml", given=True)


def examples_everywhere(made, below="", data=LINKED):
    project = made.path / below
    git = open_git(project)
    return [
        len(examples(source, data))
        for source in (
            CommitSource(git, "HEAD", git.commit("HEAD")),
            IndexSource(git),
            FolderSource(project, git=git),
        )
    ]


def test_folders_linked_among_the_data_are_read_as_rasa_does(repo):
    made = repo({"data/own.yml": nlu_yaml("bye: tata"), "shared/deep/nlu.yml": NLU})
    (made.path / "data/common").symlink_to("../shared")
    (made.path / "data/again").symlink_to("common/deep")
    made.commit()
    assert examples_everywhere(made) == [4, 4, 4]
    git = open_git(made.path)
    found = [
        [f.path for f in source.listed(["data"], (".yml",))] for source in sources(made)
    ]
    names = ["data/again/nlu.yml", "data/common/deep/nlu.yml", "data/own.yml"]
    assert found == [names] * 3
    assert git.prefix == ""


def test_a_monorepos_projects_may_share_data_by_links(repo):
    made = repo({"bots/a/config.yml": "", "shared/nlu.yml": NLU, "shared/x/y.yml": NLU})
    (made.path / "bots/a/data").mkdir()
    (made.path / "bots/a/data/all.yml").symlink_to("../../../shared/nlu.yml")
    (made.path / "bots/a/data/more").symlink_to("../../../shared/x")
    (made.path / "bots/a/whole").symlink_to("../../shared")
    made.commit()
    assert examples_everywhere(made, "bots/a") == [3, 3, 3]
    whole = Data(nlu=("whole/x",), domain=(), config="config.yml", given=True)
    assert examples_everywhere(made, "bots/a", whole) == [3, 3, 3]


@pytest.mark.parametrize(
    "links",
    [
        {"data/up": "."},
        {"data/up": ".."},
        {"data/up": "../data"},
        {"data/a": "b", "data/b": "a"},
        {"data/a": "a/b"},
        {"data/sub/up": "../../other", "other/back": "../data"},
        {"data/one": "../other", "other/two": "../third", "third/three": "../other"},
        {f"data/l{n}": f"l{n + 1}" for n in range(45)},
    ],
)
def test_links_that_go_round_end(repo, links):
    made = repo({"data/nlu.yml": NLU, "other/x.yml": "nlu: []", "third/y.yml": ""})
    for path, target in links.items():
        (made.path / path).parent.mkdir(parents=True, exist_ok=True)
        (made.path / path).symlink_to(target)
    made.commit()
    assert examples_everywhere(made) == [3, 3, 3]


def test_links_that_multiply_without_end_cannot_be_told(repo):
    made = repo({"data/nlu.yml": NLU, "l0/x.yml": ""})
    for level in range(1, 15):
        (made.path / f"l{level}").mkdir()
        for name in "ab":
            (made.path / f"l{level}/{name}").symlink_to(f"../l{level - 1}")
    (made.path / "data/all").symlink_to("../l14")
    made.commit()
    with pytest.raises(CannotTellError, match="more than 2000 symbolic links"):
        examples(sources(made)[0], LINKED)


def test_data_that_dvc_tracks_behind_a_link_are_found(repo):
    hash_ = "a" * 32
    made = repo({"shared/nlu.yml.dvc": f"outs: [{{md5: {hash_}, path: nlu.yml}}]"})
    (made.path / "data").symlink_to("shared")
    made.commit()
    for source in sources(made):
        with pytest.raises(CannotTellError, match=r"nlu\.yml .*tracked by DVC"):
            examples(source, LINKED)
