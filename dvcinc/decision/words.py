"""The sentences for changes: one for each kind, with its object and count."""

from __future__ import annotations

from collections.abc import Mapping

from dvcinc.changes import Change, Kind

_ALONE = "{subject}, the examples are unchanged"
_OVER = "({third}), {fourth} is {second}"
_SENTENCES: Mapping[Kind, str] = {
    Kind.EXAMPLE_ADDED: "{n:example} added to intent {subject}",
    Kind.EXAMPLE_REMOVED: "{n:example} removed from intent {subject}",
    Kind.EXAMPLE_RELABELLED: "{n:example} moved from intent {subject} to {names}",
    Kind.ANNOTATION_CHANGED: "{n:example} of intent {subject} annotated differently",
    Kind.EXAMPLE_EDITED: "{n:example} of {subject} edited",
    Kind.SYNONYM_CHANGED: "synonyms of {subject} changed ({n:alias})",
    Kind.REGEX_ADDED: "regex {subject} added",
    Kind.REGEX_CHANGED: "regex {subject} changed",
    Kind.REGEX_REMOVED: "regex {subject} removed",
    Kind.LOOKUP_ADDED: "lookup {subject} added ({n:element})",
    Kind.LOOKUP_CHANGED: "lookup {subject} changed ({n:element})",
    Kind.LOOKUP_REMOVED: "lookup {subject} removed ({n:element})",
    Kind.RESPONSE_TEXT_CHANGED: "the answers of {subject} changed",
    Kind.INTENT_ADDED: "intent {subject} is new ({n:example})",
    Kind.INTENT_REMOVED: "intent {subject} is gone ({n:example})",
    Kind.INTENT_RENAMED: "intent {subject} is now called {names}",
    Kind.INTENTS_MERGED: "{names} merged into intent {subject} ({n:example})",
    Kind.INTENT_SPLIT: "intent {subject} split: {names} came out of it",
    Kind.RESPONSE_KEY_ADDED: "response key {subject} is new ({n:example})",
    Kind.RESPONSE_KEY_REMOVED: "response key {subject} is gone ({n:example})",
    Kind.RESPONSE_KEY_RENAMED: "response key {subject} is now called {names}",
    Kind.ENTITY_ADDED: "entity type {subject} is new ({n:annotation})",
    Kind.ENTITY_REMOVED: "entity type {subject} is gone ({n:annotation})",
    Kind.ENTITY_RENAMED: "entity type {subject} is now called {names}",
    Kind.ROLE_ADDED: "role {subject} is new ({n:annotation})",
    Kind.ROLE_REMOVED: "role {subject} is gone ({n:annotation})",
    Kind.ROLE_MOVED: "role {subject} was one of entity type {names} before",
    Kind.GROUP_ADDED: "group {subject} is new ({n:annotation})",
    Kind.GROUP_REMOVED: "group {subject} is gone ({n:annotation})",
    Kind.GROUP_MOVED: "group {subject} was one of entity type {names} before",
    Kind.SLOT_ADDED: "slot {subject} is new",
    Kind.SLOT_REMOVED: "slot {subject} is gone",
    Kind.ACTION_ADDED: "action {subject} is new",
    Kind.ACTION_REMOVED: "action {subject} is gone",
    Kind.FORM_ADDED: "form {subject} is new",
    Kind.FORM_REMOVED: "form {subject} is gone",
    Kind.DOMAIN_DETAIL_CHANGED: "{subject} changed in the domain",
    Kind.INTENT_LISTED: f"the domain lists intent {_ALONE}",
    Kind.INTENT_UNLISTED: f"the domain dropped intent {_ALONE}",
    Kind.ENTITY_LISTED: f"the domain lists entity {_ALONE}",
    Kind.ENTITY_UNLISTED: f"the domain dropped entity {_ALONE}",
    Kind.STORIES_CHANGED: "stories or rules changed ({n:dialogue})",
    Kind.EPOCHS_CHANGED: "{subject} changed from {first} to {second}",
    Kind.WEIGHTLESS_SETTING_CHANGED: "{subject} changed from {first} to {second}",
    Kind.HYPERPARAMETER_CHANGED: "{subject} changed from {first} to {second}",
    Kind.COMPONENT_ADDED: "component {subject} added to the pipeline",
    Kind.COMPONENT_REMOVED: "component {subject} taken out of the pipeline",
    Kind.COMPONENTS_REORDERED: "the pipeline's order is now {subject}",
    Kind.LANGUAGE_CHANGED: "the language changed: {subject}",
    Kind.POLICIES_CHANGED: "the dialogue policies changed",
    Kind.TRAIN_PARAMETER_CHANGED: "{subject} changed from {first} to {second}",
    Kind.FINETUNE_PARAMETER_CHANGED: "{subject} changed from {first} to {second}",
    Kind.VOCABULARY_OVERFLOW: "{count} new words, {first} reserved by {subject}",
    Kind.PATTERN_OVERFLOW: "{count} new patterns, {first} reserved by {subject}",
    Kind.GROWTH_LIMIT: f"the delta of {{subject}} is {{first}} of its base {_OVER}",
    Kind.BASE_UNAVAILABLE: "{subject}",
    Kind.BASE_INCOMPATIBLE: "the base has {subject} {first}, here it is {second}",
    Kind.UNLEARN_BUDGET: f"{{first}} of {{subject}} has to be unlearned {_OVER}",
    Kind.FORCED: "{subject}",
    Kind.OTHER_BASE: "{subject}",
    Kind.TRAINER_CANNOT_FINETUNE: "the trainer has no command for fine-tuning",
}
_IGNORED = ", which is not honoured"
_PLURALS = {"alias": "aliases"}


class Counted:
    """Formats as `12 examples` or `1 example` by the format spec."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __format__(self, noun: str) -> str:
        if self._count == 1:
            return f"1 {noun}"
        return f"{self._count:,} {_PLURALS.get(noun, f'{noun}s')}"


def sentence(change: Change) -> str:
    """What happened, in words for people."""
    first, second, third, fourth, *_ = (*change.names, "", "", "", "")
    ignored = change.kind is Kind.HYPERPARAMETER_CHANGED and not change.trains
    return (_SENTENCES[change.kind] + (_IGNORED if ignored else "")).format(
        n=Counted(change.count),
        count=f"{change.count:,}",
        subject=change.subject,
        names=", ".join(change.names),
        first=first,
        second=second,
        third=third,
        fourth=fourth,
    )
