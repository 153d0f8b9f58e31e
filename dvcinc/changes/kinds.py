"""What can differ between two corpora: a closed list of kinds, and one change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dvcinc.corpus.values import Place


class Kind(Enum):
    """The kinds of change; the value is the word for it in JSON and docs."""

    EXAMPLE_ADDED = "example-added"
    EXAMPLE_REMOVED = "example-removed"
    EXAMPLE_RELABELLED = "example-relabelled"
    ANNOTATION_CHANGED = "annotation-changed"
    EXAMPLE_EDITED = "example-edited"
    SYNONYM_CHANGED = "synonym-changed"
    REGEX_ADDED = "regex-added"
    REGEX_CHANGED = "regex-changed"
    REGEX_REMOVED = "regex-removed"
    LOOKUP_ADDED = "lookup-added"
    LOOKUP_CHANGED = "lookup-changed"
    LOOKUP_REMOVED = "lookup-removed"
    RESPONSE_TEXT_CHANGED = "response-text-changed"
    INTENT_ADDED = "intent-added"
    INTENT_REMOVED = "intent-removed"
    INTENT_RENAMED = "intent-renamed"
    INTENTS_MERGED = "intents-merged"
    INTENT_SPLIT = "intent-split"
    RESPONSE_KEY_ADDED = "response-key-added"
    RESPONSE_KEY_REMOVED = "response-key-removed"
    RESPONSE_KEY_RENAMED = "response-key-renamed"
    ENTITY_ADDED = "entity-added"
    ENTITY_REMOVED = "entity-removed"
    ENTITY_RENAMED = "entity-renamed"
    ROLE_ADDED = "role-added"
    ROLE_REMOVED = "role-removed"
    ROLE_MOVED = "role-moved"
    GROUP_ADDED = "group-added"
    GROUP_REMOVED = "group-removed"
    GROUP_MOVED = "group-moved"
    SLOT_ADDED = "slot-added"
    SLOT_REMOVED = "slot-removed"
    ACTION_ADDED = "action-added"
    ACTION_REMOVED = "action-removed"
    FORM_ADDED = "form-added"
    FORM_REMOVED = "form-removed"
    DOMAIN_DETAIL_CHANGED = "domain-detail-changed"
    INTENT_LISTED = "intent-listed"
    INTENT_UNLISTED = "intent-unlisted"
    ENTITY_LISTED = "entity-listed"
    ENTITY_UNLISTED = "entity-unlisted"
    STORIES_CHANGED = "stories-changed"
    EPOCHS_CHANGED = "epochs-changed"
    WEIGHTLESS_SETTING_CHANGED = "weightless-setting-changed"
    HYPERPARAMETER_CHANGED = "hyperparameter-changed"
    COMPONENT_ADDED = "component-added"
    COMPONENT_REMOVED = "component-removed"
    COMPONENTS_REORDERED = "components-reordered"
    LANGUAGE_CHANGED = "language-changed"
    POLICIES_CHANGED = "policies-changed"
    TRAIN_PARAMETER_CHANGED = "train-parameter-changed"
    FINETUNE_PARAMETER_CHANGED = "finetune-parameter-changed"
    VOCABULARY_OVERFLOW = "vocabulary-overflow"
    PATTERN_OVERFLOW = "pattern-overflow"
    GROWTH_LIMIT = "growth-limit"
    BASE_UNAVAILABLE = "base-unavailable"
    BASE_INCOMPATIBLE = "base-incompatible"
    UNLEARN_BUDGET = "unlearn-budget"
    FORCED = "forced"
    OTHER_BASE = "other-base"
    TRAINER_CANNOT_FINETUNE = "trainer-cannot-finetune"


class Side(Enum):
    """The side of a comparison on which a thing can be seen."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two corpora: a fact, without judgement.

    Attributes:
        kind: What sort of difference.
        subject: The object: an intent, an entity type, `component.key`.
        names: Other objects that take part: the new name, the parts of a split.
        count: How many facts it stands for (examples, patterns, …).
        side: Where the places are.
        places: Where to look, in the order of the files; at least the first few.
        trains: Whether the pipeline trains on what changed: a regex without a
            `RegexFeaturizer` does not.
        served: Whether the model looks it up when it answers, as a
            `RegexEntityExtractor` does.
    """

    kind: Kind
    subject: str
    names: tuple[str, ...] = ()
    count: int = 1
    side: Side = Side.NEW
    places: tuple[Place, ...] = ()
    trains: bool = True
    served: bool = False
