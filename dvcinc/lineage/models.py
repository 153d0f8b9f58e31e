"""The models that a history of `lineage.json` tells of, each once, by digest.

A squash or a rebase makes another commit of the same model, so it is the digest that
tells one from another; which commit brought it is asked of the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dvcinc.errors import InputError
from dvcinc.lineage.history import Version
from dvcinc.lineage.record import Record

MIN_PREFIX = 4
"""Characters of a digest that name a model, as for Git's short ids."""
_KIND = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A model, served or base.

    Attributes:
        record: Its record, as the oldest version that has it tells of it.
        base_record: That of its base there; `None` for a base.
        version: The oldest version that has it: its commit brought the model.
        also: The later versions that have it, newest first: after a revert, on
            another branch, or where only the file was written anew.
    """

    record: Record
    base_record: Record | None
    version: Version
    also: tuple[Version, ...] = ()

    @property
    def digest(self) -> str:
        """The model's own digest."""
        return self.record.digest

    @property
    def is_base(self) -> bool:
        """Whether it was trained from scratch, to be fine-tuned."""
        return self.base_record is None

    @property
    def parent(self) -> str | None:
        """The digest of the model that it was made from; `None` for a base."""
        return self.record.parent

    @property
    def base(self) -> str | None:
        """The digest of its base; `None` for a base."""
        return None if self.base_record is None else self.base_record.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models of a history by digest, newest first.

    Attributes:
        served: Those that were packaged, to be served.
        bases: Those that they were made from.
    """

    served: Mapping[str, Made]
    bases: Mapping[str, Made]

    def __iter__(self) -> Iterator[Made]:
        """All of them, the served ones first."""
        yield from self.served.values()
        yield from self.bases.values()

    def named(self, prefix: str) -> Made | None:
        """The model whose digest begins so, with or without `sha256:` before it.

        Returns:
            `None` where there is none, or where this is too short to be a name.

        Raises:
            InputError: Several begin so.
        """
        start = prefix.removeprefix(_KIND).lower()
        if len(start) < MIN_PREFIX:
            return None
        found = [m for m in self if m.digest.removeprefix(_KIND).startswith(start)]
        if len(found) > 1:
            names = ", ".join(model.digest.removeprefix(_KIND)[:16] for model in found)
            raise InputError(
                f"{prefix} begins the digests of {len(found)} models: {names}",
                "give more of it",
            )
        return found[0] if found else None


def models(versions: Iterable[Version]) -> Models:
    """The models of versions, in their order: newest first."""
    served: dict[str, Made] = {}
    bases: dict[str, Made] = {}
    for version in versions:
        if version.lineage is not None:
            base, model = version.lineage.base, version.lineage.model
            _add(served, version, model, base)
            _add(bases, version, base, None)
    return Models(served=served, bases=bases)


def _add(
    known: dict[str, Made], version: Version, record: Record, base: Record | None
) -> None:
    """An older version that has a model tells of it instead of the newer ones."""
    newer = known.get(record.digest)
    known[record.digest] = Made(
        record=record,
        base_record=base,
        version=version,
        also=() if newer is None else (*newer.also, newer.version),
    )
