"""A commit, the index, the work tree and a folder say the same of the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from repositories import Repository, put

from dvcinc.errors import GitError, InputError
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.sources import CommitSource, FolderSource, IndexSource, Source

Make = Callable[..., Repository]


def head(git: Git) -> CommitSource:
    return CommitSource(git, "HEAD", git.commit("HEAD"))


def all_of(path: Path) -> list[Source]:
    git = open_git(path)
    return [head(git), IndexSource(git), FolderSource(path, git=git)]


def listed(source: Source, paths: Sequence[str], *suffixes: str) -> dict[str, bytes]:
    found = source.listed(paths, suffixes or ("",))
    assert [*found] == sorted(found)
    return dict(zip((f.path for f in found), source.contents(found), strict=True))


FILES = {
    "data/nlu.yml": "nlu: []\n",
    "data/deep/er/a b.yml": "1",
    "data/Zürich 🏔.yml": "2",
    "data/quo\"te's\\.yml": "3",
    "data/empty.yml": "",
    "data/.hidden.yml": "no",
    "data/.git-like/x.yml": "no",
    "database/x.yml": "no",
    "domain.yml": "4",
}


@pytest.mark.parametrize("below", ["", "bots/my bot é/"])
def test_all_sources_find_the_same_files_below_the_paths(
    repo: Make, below: str
) -> None:
    made = repo({f"{below}{path}": text for path, text in FILES.items()})
    wanted = {
        path: text.encode()
        for path, text in FILES.items()
        if text != "no" and path != "domain.yml"
    }
    for source in all_of(made.path / below):
        assert listed(source, ["data"]) == wanted
        assert listed(source, ["data/nlu.yml"]) == {"data/nlu.yml": b"nlu: []\n"}
        assert [*listed(source, ["."])] == sorted(
            [*wanted, "domain.yml", "database/x.yml"]
        )
        assert [*listed(source, ["domain.yml", "data/deep", "data/deep/er"])] == [
            "data/deep/er/a b.yml",
            "domain.yml",
        ]
        assert listed(source, ["nowhere"]) == {}
        assert source.read("domain.yml") == b"4"
        assert source.read("data") is None
        assert source.read("nowhere.yml") is None


def test_only_files_with_the_suffixes_are_read(repo: Make) -> None:
    made = repo({"data/a.yml": "1", "data/b.yaml": "2", "data/model.bin": b"\0" * 9})
    os.mkfifo(made.path / "data/pipe.bin")  # reading it would never end
    for source in all_of(made.path):
        assert [*listed(source, ["data"], ".yml", ".yaml")] == [
            "data/a.yml",
            "data/b.yaml",
        ]


def test_the_sources_differ_as_the_states_do(repo: Make) -> None:
    made = repo({"a.yml": "committed"}, {"a.yml": "later"})
    made.write({"a.yml": "staged"})
    made.git("add", "a.yml")
    made.write({"a.yml": "work tree", "untracked.yml": "new"})
    git = open_git(made.path)
    first = CommitSource(git, "HEAD~1", git.commit("HEAD~1"))
    assert listed(first, ["."]) == {"a.yml": b"committed"}
    assert listed(head(git), ["."]) == {"a.yml": b"later"}
    assert listed(IndexSource(git), ["."]) == {"a.yml": b"staged"}
    assert listed(FolderSource(made.path), ["."]) == {
        "a.yml": b"work tree",
        "untracked.yml": b"new",
    }


def test_names_are_no_patterns(repo: Make) -> None:
    made = repo({"da*a/x.yml": "1", "data/x.yml": "2", ":(top)/x.yml": "3"})
    for source in all_of(made.path):
        assert listed(source, ["da*a"]) == {"da*a/x.yml": b"1"}
        assert listed(source, [":(top)"]) == {":(top)/x.yml": b"3"}


@pytest.mark.parametrize("below", ["", "bot/"])
@pytest.mark.parametrize("relative", [False, True])
def test_the_index_is_the_one_that_a_hook_is_told_of(
    repo: Make,
    monkeypatch: pytest.MonkeyPatch,
    below: str,
    relative: bool,  # noqa: FBT001
) -> None:
    """As under `git commit -a`, which runs its hooks with an index of its own."""
    made = repo({f"{below}a.yml": "old"})
    made.write({f"{below}a.yml": "new"})
    index = made.path / ".git" / "other-index"
    index.write_bytes((made.path / ".git" / "index").read_bytes())
    told = ".git/other-index" if relative else str(index)
    monkeypatch.setenv("GIT_INDEX_FILE", told)
    monkeypatch.chdir(made.path)
    made.git("add", "--update")
    git = open_git(made.path / below)
    assert listed(IndexSource(git), ["."]) == {"a.yml": b"new"}
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert listed(IndexSource(open_git(made.path / below)), ["."]) == {"a.yml": b"old"}


def test_a_real_commit_all_hook_reads_what_will_be_committed(repo: Make) -> None:
    made = repo({"bot/a.yml": "old"})
    script = (
        "#!/bin/sh\n"
        "cd bot && git ls-files -s -z --full-name -- . > ../seen.txt && "
        'echo "$GIT_INDEX_FILE" >> ../seen.txt\n'
    )
    hook = made.path / ".git/hooks/pre-commit"
    put(hook, script)
    hook.chmod(0o755)
    before = made.git("rev-parse", "HEAD:bot/a.yml")
    made.write({"bot/a.yml": "new"})
    made.git("commit", "-q", "-a", "-m", "all")
    seen = (made.path / "seen.txt").read_bytes()
    assert made.git("rev-parse", "HEAD:bot/a.yml").encode() in seen
    assert before.encode() not in seen


def test_a_file_in_conflict_is_an_error_that_names_it(repo: Make) -> None:
    made = repo({"bot/a.yml": "1\n"})
    made.git("checkout", "-q", "-b", "other")
    made.commit({"bot/a.yml": "2\n"})
    made.git("checkout", "-q", "main")
    made.commit({"bot/a.yml": "3\n"})
    with pytest.raises(AssertionError):
        made.git("merge", "other")
    with pytest.raises(GitError, match=r"^a\.yml is in conflict$"):
        IndexSource(open_git(made.path / "bot")).listed(["."])


def test_links_to_files_of_the_project_are_read_as_these(repo: Make) -> None:
    made = repo()
    made.write({"data/real.yml": "1", "shared/more.yml": "2"})
    (made.path / "data/again.yml").symlink_to("real.yml")
    (made.path / "data/more.yml").symlink_to("../shared/more.yml")
    (made.path / "data/twice.yml").symlink_to("more.yml")
    (made.path / "params.yaml").symlink_to("shared/more.yml")
    made.commit()
    for source in all_of(made.path):
        assert listed(source, ["data"]) == {
            "data/again.yml": b"1",
            "data/more.yml": b"2",
            "data/real.yml": b"1",
            "data/twice.yml": b"2",
        }
        assert source.read("params.yaml") == b"2"


def test_links_that_lead_nowhere_or_round_are_passed_over(repo: Make) -> None:
    made = repo({"data/real.yml": "1"})
    (made.path / "data/broken.yml").symlink_to("gone.yml")
    (made.path / "data/round.yml").symlink_to("round.yml")
    (made.path / "data/.hidden.yml").symlink_to("/dev/zero")
    (made.path / "data/loop").symlink_to(".")
    made.commit()
    for source in all_of(made.path):
        assert listed(source, ["data"], ".yml") == {"data/real.yml": b"1"}


@pytest.mark.parametrize("target", ["../../../elsewhere", "/dev/zero", "/"])
@pytest.mark.parametrize("name", ["data/nlu.yml", "data/more", "data", "params.yaml"])
def test_no_link_that_leads_out_is_taken_for_a_deletion(
    repo: Make, name: str, target: str
) -> None:
    made = repo()
    (made.path / name).parent.mkdir(exist_ok=True)
    (made.path / name).symlink_to(target)
    made.commit()
    for source in all_of(made.path):
        with pytest.raises(InputError, match=f"^{name}: a link that leads out"):
            source.listed([name])
        with pytest.raises(InputError, match=f"^{name}: a link that leads out"):
            source.listed([name.partition("/")[0]])
        with pytest.raises(InputError, match=f"^{name}: a link that leads out"):
            source.read(name)


NAMELESS = os.fsdecode(b"data/caf\xe9.yml")


def test_a_name_that_is_no_utf_8_is_an_error_that_can_be_printed(repo: Make) -> None:
    """Entered into Git by its id, since some file systems refuse such names."""
    made = repo({"data/real.yml": "1"})
    blob = made.git("hash-object", "-w", "data/real.yml")
    made.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{NAMELESS}")
    made.git("commit", "--quiet", "--message", "nameless")
    git = open_git(made.path)
    for source in (head(git), IndexSource(git)):
        with pytest.raises(InputError, match="the file's name is not UTF-8") as caught:
            source.listed(["data"])
        assert caught.value.message.encode()


def test_a_folder_needs_no_repository(tmp_path: Path) -> None:
    put(tmp_path / "data/a.yml", "1")
    source = FolderSource(tmp_path, "elsewhere")
    assert listed(source, ["data", "nowhere"]) == {"data/a.yml": b"1"}
    assert (source.name, source.commit) == ("elsewhere", None)


@pytest.fixture
def anybody() -> Iterator[Path]:
    """A folder of somebody who is not root, since root may read everything."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        was = os.geteuid()
        if was == 0:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(was)


def test_a_file_that_may_not_be_read_is_an_error_that_names_it(anybody: Path) -> None:
    me = os.geteuid()
    os.seteuid(os.getuid())
    put(anybody / "a.yml", "1")
    (anybody / "a.yml").chmod(0)
    os.seteuid(me)
    with pytest.raises(InputError, match=r"^a\.yml: cannot be read: Permission denied"):
        FolderSource(anybody).listed(["."])


@pytest.mark.parametrize("crlf", ["true", "input"])
def test_line_ends_that_git_converts_do_not_disturb(repo: Make, crlf: str) -> None:
    made = repo()
    made.git("config", "core.autocrlf", crlf)
    made.commit({"a.yml": "a: 1\r\n"})
    commit, index, folder = (s.read("a.yml") for s in all_of(made.path))
    assert commit == index == b"a: 1\n"
    assert folder == b"a: 1\r\n"


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_equal_bytes_have_one_id_everywhere_and_it_is_gits(
    tmp_path: Path, form: str
) -> None:
    made = Repository(tmp_path)
    made.git("init", "--quiet", f"--object-format={form}")
    made.commit({"a.yml": "1", "b.yml": "1", "empty.yml": ""})
    git = open_git(tmp_path)
    folder = FolderSource(tmp_path, git=git)
    wanted = {
        name: made.git("rev-parse", f"HEAD:{name}")
        for name in ("a.yml", "b.yml", "empty.yml")
    }
    assert wanted["a.yml"] == wanted["b.yml"] != wanted["empty.yml"]
    for source in (head(git), IndexSource(git), folder):
        assert dict(source.listed(["."])) == wanted


def test_a_file_on_disk_is_read_once(tmp_path: Path) -> None:
    put(tmp_path / "a.yml", "1")
    source = FolderSource(tmp_path)
    found = source.listed(["."])
    put(tmp_path / "a.yml", "2")
    assert source.contents(found) == [b"1"]


ELSEWHERE = ("", ".", "data", "/etc", "../..", "/nowhere", "../x/y")


@pytest.mark.parametrize("path", ELSEWHERE)
@pytest.mark.parametrize("below", ["", "bot/"])
def test_what_is_no_file_of_the_repository_is_nothing_to_read(
    repo: Make, path: str, below: str
) -> None:
    made = repo({f"{below}data/a.yml": "1"})
    sources = [*all_of(made.path / below), FolderSource(made.path / below)]
    assert [source.read(path) for source in sources] == [None] * 4


def test_a_path_out_of_the_repository_is_never_read(repo: Make) -> None:
    made = repo({"data/a.yml": "1"})
    put(made.path.parent / "secret.txt", "secret")
    commit, index, folder = all_of(made.path)
    for path in ("../secret.txt", str(made.path.parent / "secret.txt")):
        assert commit.read(path) is index.read(path) is None
        with pytest.raises(InputError, match="leads out of the project"):
            folder.read(path)
    assert commit.read("data/a.yml") == b"1"


def test_a_folder_may_be_named_with_a_slash(repo: Make) -> None:
    made = repo({"data/a.yml": "1"})
    for source in all_of(made.path):
        assert listed(source, ["data/"]) == {"data/a.yml": b"1"}


@pytest.mark.parametrize(
    "name", ["dvc.lock", "dvc.yaml", "params.yaml", "data.dvc", "config.yml"]
)
def test_a_pipe_where_a_file_should_be_holds_nobody_up(repo: Make, name: str) -> None:
    made = repo({"data/nlu.yml": "nlu: []\n"})
    os.mkfifo(made.path / name)
    code = (
        "import sys; from pathlib import Path\n"
        "from dvcinc.snapshot.sources import FolderSource\n"
        "source = FolderSource(Path())\n"
        "print([f.path for f in source.listed(['data'])], source.read(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, name]
    done = subprocess.run(
        command, cwd=made.path, capture_output=True, timeout=60, check=True
    )
    assert done.stdout == b"['data/nlu.yml'] None\n"


@pytest.mark.parametrize("size", [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1 << 20])
def test_a_file_of_any_size_has_the_id_that_git_gives_it(repo: Make, size: int) -> None:
    made = repo({"data/a.csv": bytes(range(251)) * (size // 251) + b"x" * (size % 251)})
    git = open_git(made.path)
    here, there = FolderSource(made.path, git=git), head(git)
    assert here.listed(["data"]) == there.listed(["data"])
    assert listed(here, ["data"]) == listed(there, ["data"])


def test_a_file_that_is_too_large_is_refused_unread(repo: Make) -> None:
    made = repo({"data/a.yml": "nlu: []"})
    with (made.path / "data/large.csv").open("wb") as file:
        file.truncate((256 << 20) + 1)
    source = FolderSource(made.path)
    said = r"^data/large\.csv: larger than 256 MiB"
    with pytest.raises(InputError, match=said):
        source.listed(["data"], (".csv",))
    with pytest.raises(InputError, match=said):
        source.read("data/large.csv")
    assert [*listed(source, ["data"], ".yml")] == ["data/a.yml"]


def test_an_object_that_is_too_large_is_refused(
    repo: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = repo({"data/a.yml": "large" * 1000, "data/b.yml": "small"})
    monkeypatch.setattr("dvcinc.snapshot.process.MAX_FILE", 1000)
    git = open_git(made.path)
    for source in (head(git), IndexSource(git)):
        with pytest.raises(GitError, match=r"is larger than 0 MiB"):
            listed(source, ["data"])
        assert listed(source, ["data/b.yml"]) == {"data/b.yml": b"small"}


def test_a_large_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    place = tmp_path / "data/a.csv"
    put(place, b"one" * (1 << 18))
    source = FolderSource(tmp_path)
    found = source.listed(["data"])
    put(place, b"two" * (1 << 18))
    with pytest.raises(InputError, match=r"^data/a\.csv: changed while it was read"):
        source.contents(found)
