"""Models for tools of other people: what each is called there, by ids that hold.

In go a record and the commit that brought it; out go paths, hashes, times and UUIDs
that follow from these alone, so that the same model is told of in the same bytes.
"""

from __future__ import annotations

import posixpath
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from dvcinc.errors import InputError
from dvcinc.lineage.find import Found
from dvcinc.lineage.models import Made
from dvcinc.lineage.record import BASE_OUT, MODEL_OUT, PATH, Record
from dvcinc.plan.info import FOLDER as FROZEN
from dvcinc.snapshot.commits import Commit, readable

HOME = "https://github.com/dvcinc/dvcinc"
_DIGEST = re.compile("sha256:([0-9a-f]{64})")
_DVC = re.compile(r"([0-9a-f]{32})(\.dir)?")
_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!_-]{0,63}")
_DATA = "training-data"
"""What stands for the paths of `params.yaml`, which a record does not tell."""
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, HOME)
_PYPI = frozenset({"dvcinc", "numpy", "scipy", "tensorflow"})
"""What a record's environment names by its name in the Python Package Index."""


class Hash(NamedTuple):
    """A hash of DVC's: MD5 of a file, or of its list of a folder's files."""

    value: str
    is_folder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where models come from, as far as their records cannot tell.

    Attributes:
        project: The project's path from the top of the repository; empty for the top.
        repository: The repository's page; `None` where nobody said it.
    """

    project: str = ""
    repository: str | None = None

    def path(self, name: str) -> str:
        """A path of the project, from the top of the repository."""
        return posixpath.join(self.project, name)

    def commit_uri(self, commit: str) -> str | None:
        """A commit as SLSA and pip write it; `None` without a repository."""
        return f"git+{self.repository}@{commit}" if self.repository else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A model as exports tell of it.

    Attributes:
        made: The model.
        base: Its base; `None` for a base.
        out: Where it lies, from the top of the repository.
        data: Where its data lie: those of a base are frozen, those of a served model
            are the project's.
        sha256: The value of its digest, in hexadecimal.
    """

    made: Made
    base: Told | None
    out: str
    data: str
    sha256: str

    @property
    def record(self) -> Record:
        """Its record."""
        return self.made.record

    @property
    def commit(self) -> Commit | None:
        """The commit that brought it; `None` for one of the work tree."""
        version = self.made.version
        return version.commit if version.is_committed else None

    @property
    def source(self) -> str:
        """Where the record lies, from the top of the repository, to be shown."""
        return readable(self.made.version.path)

    @property
    def kind(self) -> str:
        """`base` or `model`."""
        return "base" if self.base is None else "model"

    @property
    def corpus(self) -> str | None:
        """The value of the digest of its data; `None` where the record has none.

        A base is known by what it trains on, a served model by all facts.
        """
        return digest_hex(self.record.data.digest)

    @property
    def run(self) -> uuid.UUID:
        """The making of it."""
        return identifier(f"{self.kind}:{self.sha256}")


def told(found: Found, origin: Origin) -> Told:
    """A model with its base.

    Raises:
        InputError: A digest is none: nothing could be said of just this model.
    """
    base = _told(found.base, None, origin) if found.base else None
    return _told(found.model, base, origin)


def _told(model: Made, base: Told | None, origin: Origin) -> Told:
    return Told(
        made=model,
        base=base,
        out=origin.path(MODEL_OUT if base else BASE_OUT),
        data=origin.path(_DATA if base else FROZEN),
        sha256=_sha256(model),
    )


def _sha256(model: Made) -> str:
    found = digest_hex(model.digest)
    if found is None:
        path, said = readable(model.version.path), model.digest[:80]
        raise InputError(
            f"{path}: {said!r} is no digest of a model",
            f"restore {PATH} with git checkout, or run dvc repro",
        )
    return found


def digest_hex(digest: str) -> str | None:
    """The value of a digest `sha256:…`; `None` where it is none."""
    found = _DIGEST.fullmatch(digest)
    return found[1] if found else None


def read_hash(said: str) -> Hash | None:
    """The value of a hash of `dvc.lock`; `None` where it is none."""
    found = _DVC.fullmatch(said)
    return Hash(found[1], bool(found[2])) if found else None


def commit_id(said: str | None) -> str | None:
    """A commit's id; `None` where it is none: a record may say anything."""
    return said if said and _COMMIT.fullmatch(said) else None


def packages(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The packages of Python that a model was made with, and their versions."""
    for name, version in sorted(environment.items()):
        if name in _PYPI and _VERSION.fullmatch(version):
            yield name, version


def identifier(name: str) -> uuid.UUID:
    """A UUID that a name always has."""
    return uuid.uuid5(_OURS, name)


def moment(commit: Commit) -> str | None:
    """When a commit was made, as RFC 3339 has it, in UTC; `None` if no year has it."""
    try:
        found = datetime.fromtimestamp(commit.time, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found.isoformat().replace("+00:00", "Z")
