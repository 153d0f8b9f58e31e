"""The rules about examples, vocabulary and labels."""

from __future__ import annotations

from dvcinc.changes import Kind
from dvcinc.config import Mode, Target
from dvcinc.decision.rule import rule

R, F, S = Mode.REFRESH, Mode.FINETUNE, Mode.SCRATCH
NLU = (Target.NLU,)
BOTH = (Target.NLU, Target.DIALOGUE)

EXAMPLES = (
    rule(
        "DI101", (Kind.EXAMPLE_ADDED,), NLU, (F, F, F),
        "examples added to a known intent",
        "The case that incremental training was made for: the labels are known, so the "
        "base model learns the new examples while it rehearses old ones. New words get "
        "new rows in the input layer; old rows never move.",
    ),
    rule(
        "DI102", (Kind.EXAMPLE_REMOVED,), NLU, (S, F, F),
        "examples removed, their intent keeps others",
        "Fine-tuning does not unlearn: an example that the base was trained on keeps "
        "its traces. Under `pragmatic` it leaves the rehearsal and counts against "
        "`policy.unlearn_limit` and `policy.intent_unlearn_limit`. An example that "
        "came after the base was never in it: taking it out again is a fine-tune "
        "under both presets.",
        "collect removals in a commit of their own, so that {rest}",
    ),
    rule(
        "DI103", (Kind.EXAMPLE_RELABELLED,), NLU, (S, F, F),
        "examples moved to another known intent",
        "The base learned the old label; a fine-tune has to overwrite it. Under "
        "`pragmatic` the new label is learned, the old one leaves the rehearsal, and "
        "the example counts against `policy.unlearn_limit` and, in its old intent, "
        "`policy.intent_unlearn_limit`.",
        "move the relabelled examples to a commit of their own",
    ),
    rule(
        "DI104", (Kind.ANNOTATION_CHANGED,), NLU, (S, F, F),
        "entity annotations of known examples changed",
        "Text and intent are the same, the spans differ: the tags that the base "
        "learned are contradicted. It counts against `policy.unlearn_limit`. With "
        "`entity_recognition: false` annotations train nothing.",
        "move the re-annotated examples to a commit of their own",
    ),
    rule(
        "DI105", (Kind.EXAMPLE_EDITED,), NLU, (S, F, F),
        "examples of an intent edited",
        "A text went and one that is near came under the same intent: another case, a "
        "comma, a mended typo, other words. The base learned the old text, so that it "
        "counts against `policy.unlearn_limit` and `policy.intent_unlearn_limit` as "
        "a removed one does. Spans that changed with the text are told with it.",
        "move the edited examples to a commit of their own",
    ),
    rule(
        "DI111", (Kind.SYNONYM_CHANGED,), NLU, (R, R, R),
        "synonyms changed",
        "Synonyms have no weights: they are looked up when an answer is written. The "
        "model is packaged again around bit-identical weights.",
    ),
    rule(
        "DI112", (Kind.REGEX_ADDED, Kind.LOOKUP_ADDED), NLU, (F, F, F),
        "a regex or lookup added",
        "A new pattern is a new input row, which starts at zero. Without a "
        "`RegexFeaturizer` in the pipeline, patterns train nothing. A "
        "`RegexEntityExtractor` looks its patterns up: a refresh.",
    ),
    rule(
        "DI113", (Kind.REGEX_CHANGED, Kind.LOOKUP_CHANGED), NLU, (S, F, F),
        "a regex or lookup changed",
        "The feature keeps its row but fires for other texts than the ones that it was "
        "trained on.",
        "change regexes and lookups apart from examples",
    ),
    rule(
        "DI114", (Kind.REGEX_REMOVED, Kind.LOOKUP_REMOVED), NLU, (S, F, F),
        "a regex or lookup removed",
        "A feature that the weights rely on falls silent. Its row stays and is never "
        "used again.",
        "remove it together with the next change that trains from scratch anyway",
    ),
    rule(
        "DI121", (Kind.RESPONSE_TEXT_CHANGED,), NLU, (R, R, R),
        "answers of a retrieval intent changed",
        "Answers are looked up by their key and have no weights. With "
        "`use_text_as_label: true` Rasa learns the texts instead; that is not honoured "
        "here, so that an answer is a refresh all the same.",
    ),
)  # fmt: skip

LABELS = (
    rule(
        "DI201", (Kind.INTENT_ADDED,), BOTH, (S, F, F),
        "a new intent",
        "Rasa's announcement of incremental training asks for training from scratch "
        "for a new intent: all others have to make room. Under `pragmatic` a row is "
        "appended for it, old logits stay as they are before the first step.",
        "move the {n:example} of {subject} to a separate pull request, and {rest}",
    ),
    rule(
        "DI202", (Kind.INTENT_REMOVED,), BOTH, (S, S, S),
        "an intent is gone",
        "The model still has a row that wins texts for an intent that nobody answers.",
        "drop intents together with other changes that train from scratch",
    ),
    rule(
        "DI203", (Kind.INTENT_RENAMED,), BOTH, (S, R, R),
        "an intent renamed",
        "At least half of the old intent's texts are most of the new one's. Under "
        "`pragmatic` the row gets the new name and the weights stay bit-identical; "
        "examples that differ beside the rename count for themselves. Where the "
        "tokenizer has `intent_tokenization_flag`, the name is a feature: scratch.",
        "rename intents apart from other changes",
    ),
    rule(
        "DI204", (Kind.INTENTS_MERGED,), BOTH, (S, S, S),
        "intents merged",
        "Most texts of a vanished intent now belong to another one: two rows with "
        "opposed weights would have to become one.",
        "merge intents in a commit of their own",
    ),
    rule(
        "DI205", (Kind.INTENT_SPLIT,), BOTH, (S, S, S),
        "an intent split",
        "Most texts of a new intent come from one old intent, which has learned to "
        "claim them.",
        "split intents in a commit of their own",
    ),
    rule(
        "DI206", (Kind.RESPONSE_KEY_ADDED,), NLU, (S, F, F),
        "a new response key of a retrieval intent",
        "A key such as `faq/ask_wifi` is a label of its own where a "
        "`ResponseSelector` covers the intent: under `pragmatic` a row is appended "
        "for it. Rasa accepts it in a fine-tune and then loads a dead selector. "
        "Without a selector, keys train nothing; the examples count for the intent.",
        "move the {n:example} of {subject} to a separate pull request",
    ),
    rule(
        "DI207", (Kind.RESPONSE_KEY_REMOVED, Kind.RESPONSE_KEY_RENAMED), NLU, (S, S, S),
        "a response key is gone or renamed",
        "The selector's labels shrink or shift against its rows. Without a "
        "`ResponseSelector` that covers the intent, keys train nothing.",
        "collect changes of keys in a commit of their own",
    ),
    rule(
        "DI211", (Kind.ENTITY_ADDED,), BOTH, (S, F, F),
        "a new entity type",
        "Rasa's announcement of incremental training asks for training from scratch "
        "for a new entity type. Under `pragmatic` tags are appended that start masked.",
        "move the annotations of {subject} to a separate pull request",
    ),
    rule(
        "DI212", (Kind.ENTITY_REMOVED,), BOTH, (S, S, S),
        "an entity type is gone",
        "The tagger still has tags for it, and transitions that lead to them.",
        "drop entity types together with other changes that train from scratch",
    ),
    rule(
        "DI213", (Kind.ENTITY_RENAMED,), BOTH, (S, R, R),
        "an entity type renamed",
        "At least half of the old type's annotations are most of the new one's. Under "
        "`pragmatic` its tags get the new name and the weights stay bit-identical.",
        "rename entity types apart from other changes",
    ),
    rule(
        "DI214",
        (
            Kind.ROLE_ADDED, Kind.ROLE_REMOVED, Kind.ROLE_MOVED,
            Kind.GROUP_ADDED, Kind.GROUP_REMOVED, Kind.GROUP_MOVED,
        ),
        BOTH, (S, S, S),
        "a role or group added, removed or moved to another entity type",
        "Roles and groups are part of the tags. Rasa compares them as global sets, so "
        "that a role moved to another entity type slips through.",
        "change roles and groups in a commit of their own",
    ),
)  # fmt: skip
