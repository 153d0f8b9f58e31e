"""Regexes and lookups as named patterns: what is a feature, and what is an entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from operator import itemgetter

from dvcinc.corpus.components import Json
from dvcinc.corpus.options import Options, effective_options, spec_of
from dvcinc.corpus.values import Config, Corpus, LookupEntry, Place, Regex
from dvcinc.errors import InputError
from dvcinc.text.patterns import Pattern, PatternKind
from dvcinc.text.settings import RegexSettings

EXTRACTOR = "RegexEntityExtractor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractorSettings:
    """`RegexEntityExtractor`: how it matches.

    Args:
        matching: Which patterns, and how.
        synonyms: Whether an `EntitySynonymMapper` stands behind it.
    """

    matching: RegexSettings = field(
        default_factory=lambda: RegexSettings(case_sensitive=False)
    )
    synonyms: bool = False

    def to_json(self) -> dict[str, Json]:
        """The settings as plain values, under Rasa's own names."""
        return {**asdict(self.matching), "synonyms": self.synonyms}

    @classmethod
    def read(cls, options: Options, *, synonyms: bool) -> ExtractorSettings:
        """The settings from their keys, checked."""
        return cls(matching=read_matching(options), synonyms=synonyms)


def read_matching(options: Options) -> RegexSettings:
    """How a component matches patterns, from its keys."""
    return RegexSettings(
        case_sensitive=options.flag("case_sensitive"),
        use_lookup_tables=options.flag("use_lookup_tables"),
        use_regexes=options.flag("use_regexes"),
        use_word_boundaries=options.flag("use_word_boundaries"),
    )


def read_patterns(
    regexes: Iterable[Regex],
    lookups: Iterable[LookupEntry],
    settings: RegexSettings | None,
) -> tuple[Pattern, ...]:
    """The patterns that are used, one for each name; none without settings."""
    if settings is None:
        return ()
    kinds = (
        (PatternKind.REGEX, settings.use_regexes, regexes),
        (PatternKind.LOOKUP, settings.use_lookup_tables, lookups),
    )
    found: dict[tuple[str, str], set[str]] = {}
    for kind, used, facts in kinds:
        for name, item in facts if used else ():
            found.setdefault((kind.value, name), set()).add(item)
    return tuple(
        Pattern(PatternKind(kind), name, tuple(sorted(items)))
        for (kind, name), items in sorted(found.items())
    )


def broken(regexes: Mapping[Regex, Place]) -> Iterator[InputError]:
    """Why regexes of the data cannot be matched, each with its place."""
    # Most changes bring no regex, and need not wait for what makes one safe.
    from dvcinc.text.regexes import compile_regex  # noqa: PLC0415

    for regex, place in sorted(regexes.items(), key=itemgetter(1)):
        try:
            compile_regex(regex.pattern, f"{place}: regex {regex.name!r}")
        except InputError as error:
            yield error


def pattern_to_json(pattern: Pattern) -> Json:
    """A pattern as plain values."""
    return [pattern.kind.value, pattern.name, [*pattern.items]]


def pattern_from_json(item: object) -> Pattern:
    """The pattern again.

    Raises:
        ValueError: It is none.
    """
    match item:
        case [str() as kind, str() as name, list() as items] if all(
            isinstance(i, str) for i in items
        ):
            return Pattern(PatternKind(kind), name, tuple(items))
    raise ValueError(f"{item!r}, which is no kind, name and items")


def entity_patterns(
    corpus: Corpus, settings: ExtractorSettings | None
) -> tuple[Pattern, ...]:
    """The patterns that find entities: as in Rasa, those named as an annotated type."""
    if settings is None:
        return ()
    entities = {span.entity for example in corpus.examples for span in example.spans}
    found = read_patterns(corpus.regexes, corpus.lookups, settings.matching)
    return tuple(pattern for pattern in found if pattern.name in entities)


def extracting_kinds(config: Config) -> frozenset[PatternKind]:
    """The kinds of pattern that a `RegexEntityExtractor` looks up, as far as is known.

    Nothing is checked here: the decision looks at pipelines that may be broken.
    """
    kinds: set[PatternKind] = set()
    for component, _ in config.pipeline:
        spec = spec_of(component.name)
        if spec is not None and spec.name == EXTRACTOR:
            options = effective_options(component)
            if options.get("use_regexes"):
                kinds.add(PatternKind.REGEX)
            if options.get("use_lookup_tables"):
                kinds.add(PatternKind.LOOKUP)
    return frozenset(kinds)
