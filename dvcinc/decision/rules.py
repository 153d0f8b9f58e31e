"""The table of rules: what each kind of change means for training.

`strict` is the rule of Rasa's announcement of incremental training, to the letter
(new examples of known intents fine-tune, all else trains from scratch); `pragmatic`
is what the weights need. Below its floor, a rule would be physically unsound.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dvcinc.changes import Kind
from dvcinc.config import Policy
from dvcinc.decision.nlu_rules import EXAMPLES, LABELS
from dvcinc.decision.other_rules import CONDITIONS, DOMAIN, SETTINGS
from dvcinc.decision.rule import Rule
from dvcinc.errors import InputError

RULES: tuple[Rule, ...] = (*EXAMPLES, *LABELS, *DOMAIN, *SETTINGS, *CONDITIONS)
BY_CODE: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in RULES})
_BY_KIND = {kind: rule for rule in RULES for kind in rule.kinds}


def rule_of(kind: Kind) -> Rule:
    """The rule that judges a kind of change; every kind has one."""
    return _BY_KIND[kind]


def check_policy(policy: Policy) -> None:
    """Refuses a policy that names no rule, or goes below a rule's floor.

    Raises:
        InputError: One or more entries of `policy.rules` are wrong.
    """
    mistakes = [
        line for code in sorted(policy.rules) if (line := _mistake(policy, code))
    ]
    if mistakes:
        raise InputError("\n".join(mistakes), "see dvcinc explain CODE")


def _mistake(policy: Policy, code: str) -> str:
    where = f"params.yaml: policy.rules.{code}"
    rule = BY_CODE.get(code)
    if rule is None:
        return f"{where}: there is no such rule"
    if rule.floor is None:
        return f"{where}: this rule cannot be changed"
    mode = policy.rules[code]
    if mode < rule.floor:
        return (
            f"{where}: {mode.word} is below the floor {rule.floor.word}: "
            f"{rule.title} cannot soundly be less"
        )
    return ""
