"""Data that DVC tracks: from its cache by the pointers of the side, without DVC."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import Repository, put
from shapes import bot, classify, dvcinc, nlu

from dvcinc.errors import CannotTellError, DvcincError
from dvcinc.snapshot.dvccache import Cache
from dvcinc.snapshot.dvcconfig import cache_folder
from dvcinc.snapshot.dvcouts import Out, tracked
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.sources import CommitSource, FolderSource, IndexSource

Make = Callable[..., Repository]


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def cached(root: Path, data: bytes, layout: str = "files/md5", end: str = "") -> str:
    """Puts an object into the cache as DVC would; its hash."""
    name = md5(data) + end
    put(root / layout / name[:2] / name[2:], data)
    return name


def directory(root: Path, files: Mapping[str, str], layout: str = "files/md5") -> str:
    """Puts a directory into the cache as DVC would; its hash."""
    entries = [
        {"md5": cached(root, text.encode(), layout), "relpath": path}
        for path, text in sorted(files.items())
    ]
    return cached(root, json.dumps(entries).encode(), layout, ".dir")


def pointer(name: str, path: str, *, wdir: str = "", hashed: bool = True) -> str:
    """A `.dvc` file."""
    at = f"wdir: {wdir}\n" if wdir else ""
    form = "  hash: md5\n" if hashed else ""
    return f"{at}outs:\n- md5: {name}\n{form}  path: {path}\n"


def lock(name: str, path: str) -> str:
    """A `dvc.lock`."""
    return (
        "schema: '2.0'\nstages:\n  make@1:\n    cmd: make\n    outs:\n"
        f"    - path: {path}\n      hash: md5\n      md5: {name}\n"
    )


def dvc_bot(made: Repository, *versions: Mapping[str, str], below: str = "") -> None:
    """Commits a bot whose `data` is tracked by DVC, a commit for each version."""
    root = made.path / ".dvc" / "cache"
    files = {k: v for k, v in bot(below=below).items() if "nlu.yml" not in k}
    made.write({".dvc/config": "", ".dvc/.gitignore": "/cache\n/tmp\n"})
    made.write({f"{below}.gitignore": "/data\n", **files})
    for version in versions:
        made.commit({f"{below}data.dvc": pointer(directory(root, version), "data")})


ONE = {"nlu.yml": nlu("hi", "hello"), "deep/er.yml": nlu("good day")}
TWO = {**ONE, "nlu.yml": nlu("hi", "hello", "hey")}


@pytest.fixture
def made(repo: Make) -> Repository:
    """A bot with two versions of data that are not checked out."""
    made = repo()
    dvc_bot(made, ONE, TWO)
    return made


def test_a_tracked_directory_is_read_from_the_cache_by_each_sides_pointer(
    made: Repository,
) -> None:
    assert classify(made.path, "HEAD~1", "HEAD").added == {"greet": 1}
    made.git("checkout", "-q", "HEAD~1", "--", "data.dvc")
    staged = classify(made.path, "HEAD~1", "--staged")
    assert staged.mode == "none"
    assert classify(made.path, "HEAD~1").mode == "none"


def test_files_on_disk_are_the_truth_of_the_work_tree(made: Repository) -> None:
    put(made.path / "data/nlu.yml", nlu("hi", "hello", "hey", "yo"))
    put(made.path / "data/deep/er.yml", nlu("good day"))
    assert classify(made.path).added == {"greet": 1}


def test_one_content_has_one_id_on_every_side(made: Repository) -> None:
    for path, text in TWO.items():
        put(made.path / "data" / path, text)
    git = open_git(made.path)
    sides = (
        CommitSource(git, "HEAD", git.commit("HEAD")),
        IndexSource(git),
        FolderSource(made.path, git=git),
    )
    wanted = {f"data/{path}": f"md5:{md5(text.encode())}" for path, text in TWO.items()}
    for source in sides:
        found = source.listed(["data"], (".yml",))
        assert dict(found) == wanted
        assert source.contents(found) == [TWO[f.path[5:]].encode() for f in found]
        (inner,) = source.listed(["data/deep"], (".yml",))
        assert inner.path == "data/deep/er.yml"
        assert source.read("data/nlu.yml") == TWO["nlu.yml"].encode()
        assert source.read("data/nowhere.yml") is None


PLACES = {
    "a file": ("data/nlu.yml.dvc", lambda r: pointer(cached(r, DATA), "nlu.yml")),
    "a lock": ("dvc.lock", lambda r: lock(cached(r, DATA), "data/nlu.yml")),
    "a lock's folder": ("dvc.lock", lambda r: lock(directory(r, FILES), "data")),
    "a lock below": ("data/dvc.lock", lambda r: lock(cached(r, DATA), "nlu.yml")),
    "a file that DVC 2 hashed": (
        "data/nlu.yml.dvc",
        lambda r: pointer(cached(r, DATA, "."), "nlu.yml", hashed=False),
    ),
    "a folder that DVC 2 hashed": (
        "data.dvc",
        lambda r: pointer(directory(r, FILES, "."), "data", hashed=False),
    ),
}
DATA = nlu("hi", "hello", "hey").encode()
FILES = {"nlu.yml": DATA.decode()}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("below", ["", "bots/a/"])
def test_pointers_of_any_kind_are_followed(repo: Make, place: str, below: str) -> None:
    path, made_of = PLACES[place]
    made = repo(bot(below=below))
    root = made.path / ".dvc/cache"
    made.write({".dvc/config": "", ".dvc/.gitignore": "/cache\n"})
    made.commit({f"{below}data/nlu.yml": None, f"{below}{path}": made_of(root)})
    found = dvcinc(
        made.path, "--project", f"./{below}", "classify", "--json", "HEAD~1", "HEAD"
    )
    assert found.added == {"greet": 1}, found.err


@pytest.mark.parametrize("wdir", ["../bots/a", "../bots/a/data/.."])
def test_a_stage_above_the_project_may_make_its_data(repo: Make, wdir: str) -> None:
    made = repo(bot(below="bots/a/"))
    root = made.path / ".dvc/cache"
    made.commit(
        {
            ".dvc/config": "",
            ".dvc/.gitignore": "/cache\n",
            "bots/a/data/nlu.yml": None,
            "bots/dvc.yaml": f"stages:\n  make:\n    cmd: x\n    wdir: {wdir}\n",
            "bots/dvc.lock": lock(directory(root, FILES), "data"),
        }
    )
    project = ("--project", "bots/a")
    ran = dvcinc(made.path, *project, "classify", "--json", "HEAD~1", "HEAD")
    assert ran.added == {"greet": 1}, ran.err


def test_what_stages_make_outside_of_the_data_need_not_be_there(repo: Make) -> None:
    made = repo({**bot(), "dvc.lock": lock("0" * 32 + ".dir", "models")})
    assert classify(made.path).mode == "none"
    made.write({"params.yaml": "data: {nlu: .}\n"})
    made.commit()
    assert classify(made.path).mode == "none"


def test_outs_that_are_left_to_git_and_are_not_there_are_not_there(repo: Make) -> None:
    """A metric that nobody committed is none of DVC's to have."""
    pipeline = "stages: {make: {metrics: [lineage.json: {cache: false}]}}\n"
    files = {"dvc.lock": lock("0a" * 16, "lineage.json"), "dvc.yaml": pipeline}
    made = repo({**bot(), **files})
    assert classify(made.path, "HEAD", "HEAD").mode == "none"
    source = FolderSource(made.path, git=open_git(made.path))
    assert source.read("lineage.json") is None


CONFIGS = {
    ".dvc/config": "[cache]\n    dir = ../../elsewhere\n",
    ".dvc/config.local": "['remote \"own\"']\n    url = ../../elsewhere\n"
    "[cache]\n    local = own\n",
    "GLOBAL": "[cache]\n\tdir = {tmp}/elsewhere\n",
}


@pytest.mark.parametrize("file", CONFIGS)
def test_the_cache_lies_where_dvc_is_told(
    repo: Make, tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = repo()
    dvc_bot(made, ONE, TWO)
    (made.path / ".dvc/cache").rename(tmp_path / "elsewhere")
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path / "global"))
    place = tmp_path / "global/config" if file == "GLOBAL" else made.path / file
    put(place, CONFIGS[file].format(tmp=tmp_path))
    assert classify(made.path, "HEAD~1", "HEAD").added == {"greet": 1}


def test_the_cache_is_the_one_that_dvc_itself_finds(repo: Make, tmp_path: Path) -> None:
    made = repo()
    run_dvc(made, "init", "--quiet")
    for arguments in (
        [],
        ["cache", "dir", "../a b"],
        ["cache", "dir", "--local", str(tmp_path / "local")],
        ["remote", "add", "--local", "own", str(tmp_path / "own")],
        ["config", "--local", "cache.local", "own"],
    ):
        if arguments:
            run_dvc(made, *arguments)
        assert str(cache_folder(made.path).resolve()) == said_by_dvc(made)


@pytest.mark.parametrize("fetch", [[], ["--fetch"]])
def test_a_bare_clone_says_where_to_compare_what_dvc_tracks(
    made: Repository, tmp_path: Path, fetch: list[str]
) -> None:
    bare = tmp_path / "b.git"
    made.git("clone", "-q", "--bare", str(made.path), str(bare))
    ran = dvcinc(bare, "classify", *fetch, "HEAD~1", "HEAD")
    assert ran.code == 3
    assert "data.dvc" in ran.err
    assert "there is no DVC cache here, as in a bare clone" in ran.err
    assert "compare in a clone with a work tree, after dvc fetch" in ran.err


@pytest.mark.parametrize(
    ("said", "where"),
    [("~nobody-here/x", ".dvc/~nobody-here/x"), ("../a", "a"), ("a\0b", None)],
)
def test_a_hostile_place_of_the_cache_is_a_place_or_refused(
    tmp_path: Path, said: str, where: str | None
) -> None:
    put(tmp_path / ".dvc/config", f"[cache]\n    dir = {said}\n")
    if where is not None:
        found = cache_folder(tmp_path).resolve()
        assert found == (tmp_path / where).resolve()
        return
    with pytest.raises(CannotTellError, match="is no path"):
        cache_folder(tmp_path)


def said_by_dvc(made: Repository) -> str:
    """`dvc cache dir` passes over `cache.local`, which DVC itself does not."""
    code = "from dvc.repo import Repo; print(Repo().cache.local_cache_dir)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=made.path,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def run_dvc(made: Repository, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *arguments],
        cwd=made.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_dvc_itself_has_added_pushed_and_lost_is_fetched_where_asked(
    repo: Make, tmp_path: Path
) -> None:
    made = repo()
    run_dvc(made, "init", "--quiet")
    run_dvc(made, "remote", "add", "--default", "far", str(tmp_path / "far"))
    made.write(bot())
    for version in (ONE, TWO):
        made.write({f"data/{path}": text for path, text in version.items()})
        run_dvc(made, "add", "--quiet", "data")
        made.commit()
    assert classify(made.path, "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(made.path).mode == "none"
    run_dvc(made, "push", "--quiet", "--all-commits")
    (made.path / ".dvc/cache").rename(tmp_path / "lost")
    ran = dvcinc(made.path, "classify", "HEAD~1", "HEAD")
    assert ran.code == 3
    for word in ("data (HEAD", "data.dvc", ".dir", "--fetch", "dvc fetch"):
        assert word in ran.err
    fetched = classify(made.path, "--fetch", "HEAD~1", "HEAD")
    assert fetched.added == {"greet": 1}
    assert classify(made.path, "HEAD~1", "HEAD").added == {"greet": 1}


def test_what_the_remote_does_not_have_either_cannot_be_told(
    made: Repository, tmp_path: Path
) -> None:
    (made.path / ".dvc/cache").rename(tmp_path / "lost")
    put(
        made.path / ".dvc/config",
        f"[core]\n    remote = far\n['remote \"far\"']\n    url = {tmp_path}/far\n",
    )
    (tmp_path / "far").mkdir()
    ran = dvcinc(made.path, "classify", "--fetch", "HEAD~1", "HEAD")
    assert ran.code == 3, ran.err
    assert "data" in ran.err


@pytest.mark.parametrize("what", ["listing", "file"])
def test_a_broken_object_of_the_cache_cannot_be_told(
    made: Repository, what: str
) -> None:
    for path in (made.path / ".dvc/cache").rglob("*"):
        if path.is_file() and (path.suffix == ".dir") is (what == "listing"):
            path.write_bytes(b"broken")
    ran = dvcinc(made.path, "classify", "HEAD~1", "HEAD")
    assert ran.code == 3, ran.err
    assert "is broken: it has another MD5" in ran.err
    assert "data" in ran.err


@pytest.mark.parametrize(
    "said",
    [
        "../../../../etc/passwd",
        "0" * 31,
        "0" * 33,
        "A" * 32,
        "0" * 32 + ".dir/../x",
        "'0/../0'",
        "[1]",
        "",
        "0" * 32 + "\n",
    ],
)
def test_a_hash_that_dvc_would_not_write_is_refused(repo: Make, said: str) -> None:
    made = repo(bot(), {"data/nlu.yml": None, "data.dvc": pointer(said, "data")})
    ran = dvcinc(made.path, "classify", "HEAD~1", "HEAD")
    assert ran.code == 3, ran.err
    assert "data.dvc" in ran.err or "data (HEAD)" in ran.err


@pytest.mark.parametrize(
    "relpath", ["../up.yml", "/etc/passwd", "a/../../b.yml", "", ".", "a//b", "a\0b"]
)
def test_a_listing_that_leads_out_of_its_directory_is_refused(
    tmp_path: Path, relpath: str
) -> None:
    root = tmp_path / ".dvc/cache"
    entries = [{"md5": "0" * 32, "relpath": relpath}]
    name = cached(root, json.dumps(entries).encode(), end=".dir")
    cache = Cache(tmp_path, "HEAD")
    with pytest.raises(CannotTellError, match="leads out of the directory"):
        list(cache.files(Out("data", name, legacy=False, pointer="data.dvc"), ["data"]))


@pytest.mark.parametrize(
    "listing", [b"", b"{}x", b"[1]", b"3", b'[{"md5": 1}]', b"[" * 100_000, b"\xff"]
)
def test_a_listing_that_is_none_of_dvcs_is_refused(
    tmp_path: Path, listing: bytes
) -> None:
    name = cached(tmp_path / ".dvc/cache", listing, end=".dir")
    cache = Cache(tmp_path, "HEAD")
    with pytest.raises(CannotTellError):
        list(cache.files(Out("data", name, legacy=False, pointer="data.dvc"), ["data"]))


def test_a_listings_hash_names_no_file_outside_of_the_cache(tmp_path: Path) -> None:
    entries = [{"md5": "../../../../etc/passwd", "relpath": "a.yml"}]
    name = cached(tmp_path / ".dvc/cache", json.dumps(entries).encode(), end=".dir")
    cache = Cache(tmp_path, "HEAD")
    with pytest.raises(CannotTellError, match="is no MD5"):
        list(cache.files(Out("data", name, legacy=False, pointer="data.dvc"), ["data"]))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["outs", "path", "md5", "wdir", "files", "stages", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(said=ANYTHING, name=st.sampled_from(["data.dvc", "dvc.lock", "dvc.yaml"]))
def test_pointers_may_hold_anything(said: object, name: str) -> None:
    data = json.dumps(said).encode()

    def read(paths: Sequence[str]) -> list[bytes | None]:
        return [data if path == name else None for path in paths]

    try:
        found = tracked(read, ["data", "x/y"], ["data.dvc"])
    except DvcincError:
        return
    assert all(len(out.md5.removesuffix(".dir")) == 32 for out in found)


def test_dvcs_configuration_is_read_once_while_it_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / ".dvc/config", "[cache]\n    dir = one\n")
    read: list[str] = []
    whole = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda self, *a: (read.append(self.name), whole(self, *a))[1]
    )
    for _ in range(3):
        assert cache_folder(tmp_path) == tmp_path / ".dvc/one"
    assert read == ["config"]
    put(tmp_path / ".dvc/config.local", "[cache]\n    dir = other\n")
    assert cache_folder(tmp_path) == tmp_path / ".dvc/other"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("outs:\n- path: data\n  md5: ../../etc\n", 3),
        ("wdir: .\nouts:\n- md5: 123\n  path: data\n", 3),
        ("outs:\n- hash: md5\n  path: data\n", 3),
    ],
)
def test_a_pointer_without_an_md5_is_told_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    put(tmp_path / "data.dvc", text)
    with pytest.raises(CannotTellError, match=rf"^data\.dvc:{line}: data has no MD5"):
        FolderSource(tmp_path).listed(["data"])
