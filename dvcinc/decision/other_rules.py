"""The rules about domain, settings, and the base itself."""

from __future__ import annotations

from dvcinc.changes import Kind
from dvcinc.config import Mode, Target
from dvcinc.decision.rule import rule

N, R, F, S = Mode.NONE, Mode.REFRESH, Mode.FINETUNE, Mode.SCRATCH
NLU, DIALOGUE = (Target.NLU,), (Target.DIALOGUE,)
BOTH = (Target.NLU, Target.DIALOGUE)

DOMAIN = (
    rule(
        "DI301", (Kind.SLOT_ADDED, Kind.SLOT_REMOVED), DIALOGUE, (S, S, S),
        "a slot added or removed",
        "Slots are inputs of the dialogue model. The NLU model does not know them.",
    ),
    rule(
        "DI302",
        (
            Kind.ACTION_ADDED, Kind.ACTION_REMOVED,
            Kind.FORM_ADDED, Kind.FORM_REMOVED,
        ),
        DIALOGUE, (S, S, S),
        "an action or form added or removed",
        "Actions are the labels of the dialogue model. The NLU model does not know "
        "them.",
    ),
    rule(
        "DI303", (Kind.DOMAIN_DETAIL_CHANGED,), DIALOGUE, (N, N, N),
        "a detail of the domain changed",
        "Contents of a slot or form, other responses, session settings: nothing is "
        "trained on them.",
    ),
    rule(
        "DI304",
        (
            Kind.INTENT_LISTED, Kind.INTENT_UNLISTED,
            Kind.ENTITY_LISTED, Kind.ENTITY_UNLISTED,
        ),
        DIALOGUE, (S, S, S),
        "an intent or entity listed in or dropped from the domain alone",
        "The dialogue model's inputs change; the NLU data do not.",
    ),
    rule(
        "DI305", (Kind.STORIES_CHANGED,), DIALOGUE, (F, F, F),
        "stories or rules changed",
        "New dialogues of known labels: Rasa Core can fine-tune on them.",
    ),
)  # fmt: skip
SETTINGS = (
    rule(
        "DI401", (Kind.EPOCHS_CHANGED,), NLU, (N, N, N),
        "the classifier's epochs changed",
        "With `train.epochs: config` they take effect when the next base is cut; else "
        "they are not read at all.",
    ),
    rule(
        "DI402", (Kind.WEIGHTLESS_SETTING_CHANGED,), NLU, (R, R, N),
        "a setting without weights changed",
        "Ranking length, thresholds and logging change how an answer is written, not "
        "how it is found.",
        untrained=R,
    ),
    rule(
        "DI403", (Kind.HYPERPARAMETER_CHANGED,), NLU, (S, S, S),
        "a hyperparameter changed",
        "The base was trained under another setting. Writing down a default is no "
        "change. An option that dvcinc's trainer does not honour (each run warns of "
        "those that are set) trains nothing, as long as it knows every component of "
        "the pipeline.",
        "change hyperparameters in a commit of its own",
    ),
    rule(
        "DI404",
        (Kind.COMPONENT_ADDED, Kind.COMPONENT_REMOVED, Kind.COMPONENTS_REORDERED),
        NLU, (S, S, S),
        "the pipeline's components changed",
        "Components decide the features, so the base's weights no longer fit them. A "
        "component without weights (a fallback, a synonym mapper) is a refresh.",
        "change the pipeline in a commit of its own",
        untrained=R,
    ),
    rule(
        "DI405", (Kind.LANGUAGE_CHANGED,), BOTH, (S, S, S),
        "the language changed",
        "All texts are read differently.",
    ),
    rule(
        "DI406", (Kind.POLICIES_CHANGED,), DIALOGUE, (S, S, S),
        "the dialogue policies changed",
        "The NLU model does not know them.",
    ),
    rule(
        "DI407",
        (Kind.TRAIN_PARAMETER_CHANGED, Kind.FINETUNE_PARAMETER_CHANGED),
        NLU, (S, S, S),
        "training parameters in params.yaml changed",
        "Parameters below `train` made the base: a new one is cut. Those below "
        "`finetune` only run the fine-tune again.",
        "change training parameters in a commit of its own",
        fixed={Kind.FINETUNE_PARAMETER_CHANGED: F},
    ),
)  # fmt: skip
CONDITIONS = (
    rule(
        "DI501", (Kind.VOCABULARY_OVERFLOW,), NLU, (S, F, F),
        "more new words than the config has reserved",
        "Where `additional_vocabulary_size` is set, a fine-tune in Rasa 2 drops what "
        "goes beyond it. dvcinc's own model grows without a reserve.",
        "raise additional_vocabulary_size when you next train from scratch",
        parts=False,
    ),
    rule(
        "DI502", (Kind.PATTERN_OVERFLOW,), NLU, (S, F, F),
        "more new patterns than the config has reserved",
        "Likewise `number_additional_patterns` of the `RegexFeaturizer`.",
        "raise number_additional_patterns when you next train from scratch",
        parts=False,
    ),
    rule(
        "DI503", (Kind.GROWTH_LIMIT,), NLU, (S, S, F),
        "the delta has outgrown its base",
        "The delta is larger than `policy.growth_limit` times the base, or within one "
        "intent than `policy.intent_growth_limit`: a new base costs little more than "
        "this fine-tune and makes all later ones cheap.",
        "raise {key} to fine-tune once more",
        parts=False,
    ),
    rule(
        "DI504", (Kind.BASE_UNAVAILABLE,), NLU, (S, S, S),
        "there is no base to start from",
        "No plan has been committed yet, or the corpus of its base can be found "
        "neither in the work tree nor in Git.",
    ),
    rule(
        "DI505", (Kind.BASE_INCOMPATIBLE,), NLU, (S, S, S),
        "the base was made by other code",
        "Model format or feature code differ from those in `base.json`: the same text "
        "would give other features, or the same weights another answer.",
    ),
    rule(
        "DI507", (Kind.UNLEARN_BUDGET,), NLU, (None, S, F),
        "too much has to be unlearned",
        "Removed, edited, relabelled and re-annotated examples exceed "
        "`policy.unlearn_limit` of the base, or the removed, edited and relabelled "
        "ones of one intent `policy.intent_unlearn_limit` of its examples: a "
        "fine-tune then leaves the intent less right than training from scratch "
        "would. Under `strict` each of them is scratch by itself, so that the budgets "
        "count only where "
        "`policy.rules` allows them to fine-tune.",
        "keep more of the examples, or raise {key}",
        parts=False,
    ),
    rule(
        "DI508", (Kind.FORCED, Kind.OTHER_BASE), NLU, (S, S, None),
        "another base is taken, though HEAD's would do",
        "`policy.mode: scratch` cuts a new base once for a corpus and its parameters; "
        "back on `auto`, that base is kept. Where a merge joins two bases and both "
        "fit, or the data of an earlier base are back, the nearer one is taken; its "
        "model is restored where it can be had.",
        "set policy.mode back to auto",
        parts=False,
    ),
    rule(
        "DI509", (Kind.TRAINER_CANNOT_FINETUNE,), NLU, (S, S, S),
        "the trainer cannot fine-tune",
        "A trainer that is a command may have no command for fine-tuning. The built-in "
        "trainer, the only one so far, always can.",
    ),
)  # fmt: skip
