"""A decision as the Markdown of a comment or a step summary, within its budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from dvcinc.config import Mode, Target
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Cost
from dvcinc.plan.info import PLAN
from dvcinc.render.advice import said_once
from dvcinc.render.document import Document, PartSaid, ReasonSaid, SideSaid, WarningSaid
from dvcinc.render.escape import code, prose, row
from dvcinc.render.links import Forge, Links, commit_link, spot_link
from dvcinc.render.marker import marker
from dvcinc.render.mermaid import graph
from dvcinc.render.sections import Budget, Section, fit, folded
from dvcinc.render.tables import intents, metrics
from dvcinc.render.words import beyond, done, duration, meaning, plural

DONE_SIGN = "✅"
SIGNS = {
    Mode.NONE: "⚪",
    Mode.REFRESH: "🔵",
    Mode.FINETUNE: "🟢",
    Mode.SCRATCH: "🔴",
}
# What is due costs what it costs, whatever this change does.
_NO_COST = {Standing.TRAINED, Standing.RESTORED, Standing.DUE}
_NO_GAIN = {Standing.TRAINED, Standing.DUE}
_SHOWN_SPOTS, _SHOWN_FILES, _SHOWN_REASONS = 3, 10, 3
_OPEN_WARNINGS = 10
_BUDGETS = {Forge.GITHUB: Budget.GITHUB, Forge.GITLAB: Budget.GITLAB}


def comment(document: Document, links: Links, note: str = "") -> str:
    """The body of the comment on a pull request; `note` as in `markdown`."""
    body = markdown(document, links, _BUDGETS[links.forge], "pull request", note)
    return f"{marker(document.project)}\n{body}"


def gone(project: str) -> str:
    """The body of a comment whose project is not there any more."""
    said = f"**Nothing here trains any more:** {code(project)} is gone."
    head = f"### {SIGNS[Mode.NONE]} Training mode: {Mode.NONE.word}"
    return f"{marker(project)}\n{head}\n\n{said}\n"


def markdown(
    document: Document,
    links: Links,
    budget: Budget,
    what: str = "change",
    note: str = "",
) -> str:
    """The verdict as Markdown; there is room left for a marker.

    Args:
        document: The decision.
        links: What links are made from.
        budget: How long it may be.
        what: What the change is called.
        note: What is to be known of the verdict as such: plain words.
    """
    sections = [
        *_reasons(document, links),
        *_since(document, links),
        *_warnings(document, links),
        *_split(document, links),
        *(metrics(document.metrics) if document.metrics else ()),
        *intents(document),
        *_lineage(document),
    ]
    said = [*_head(document, links, what), *([f"\n*{note}*"] if note else [])]
    head = "\n".join(said)
    return fit(head, sections, budget)


def _head(document: Document, links: Links, what: str) -> Iterator[str]:
    mode, standing = document.told, document.standing
    is_done = standing is Standing.TRAINED
    ran = f", {done(document.mode)} in this {what}" if is_done else ""
    sign = DONE_SIGN if is_done else SIGNS[mode]
    yield f"### {sign} Training mode: {mode.word}{ran}"
    yield ""
    project = document.project
    where = "" if project == "." else f" Project {code(project)}:"
    old, new = _side(document.old, links), _side(document.new, links)
    yield f"**{_meaning(document, links)}.**{where} {old} → {new}."
    dialogue = document.change.targets[Target.DIALOGUE]
    if dialogue is not Mode.NONE:
        yield f"The dialogue model needs: **{dialogue.word}** (it is not trained here)."
    if document.forced:
        yield "The policy forces training from scratch (`policy.mode: scratch`)."
    if base := _base(document, links):
        yield f"\n**Base:** {base}."
    cost = "" if standing in _NO_COST else _cost(mode, document.cost)
    if cost:
        yield f"\n**Expected cost**, as recorded: {cost}."


def _meaning(document: Document, links: Links) -> str:
    since = document.due_since
    due = commit_link(since, links) if since else "before"
    said = meaning(document.told, document.standing, document.mode, due)
    return f"{said[:1].upper()}{said[1:]}".replace(PLAN, f"`{PLAN}`")


def _side(side: SideSaid, links: Links) -> str:
    name = {"worktree": "work tree"}.get(side.source, side.source)
    if side.commit is None:
        return prose(name)
    commit = commit_link(side.commit, links)
    known = name == side.commit or name == side.commit[:10]
    return commit if known else f"{prose(name)} ({commit})"


def _base(document: Document, links: Links) -> str:
    base = document.base
    if base is None:
        return ""
    said = [plural(base.examples, "example")]
    if base.commit:
        said.append(f"cut at {commit_link(base.commit, links)}")
    if base.age_days is not None:
        said.append(f"{plural(round(base.age_days), 'day')} old")
    if base.finetunes is not None:
        said.append(f"{plural(base.finetunes, 'fine-tune')} since")
    return ", ".join(said)


def _cost(mode: Mode, cost: Cost) -> str:
    """What this mode takes, then what the other one would."""
    scratch = _took("from scratch", cost.scratch_s)
    finetune = _took("fine-tune", cost.finetune_s)
    if mode is Mode.SCRATCH:
        own, other = scratch, finetune
    elif mode is Mode.FINETUNE:
        own, other = finetune, scratch
    else:
        own, other = "no training", scratch
    if own == "no training" and not other:
        return ""
    said = f"**{own}**" if own else "not known yet" if other else ""
    return "; ".join(filter(None, [said, f"instead of {other}" if other else ""]))


def _took(what: str, seconds: float | None) -> str:
    return "" if seconds is None else f"{what} {duration(seconds)}"


def _reasons(document: Document, links: Links) -> Iterator[Section]:
    found = document.change.reasons
    if found:
        left = document.left_off.change
        yield _table("reasons", 0, found, left, document, links)


def _since(document: Document, links: Links) -> Iterator[Section]:
    """The reasons that are none of the change's own, to be opened."""
    found = document.since
    if not found:
        return
    left = document.left_off.reasons
    section = _table("since the base", 3, found, left, document, links)
    reasons = plural(len(found) + left, "reason")
    yield folded(section, f"Since {beyond(document.mode)} also: {reasons}")


def _table(
    title: str,
    rank: int,
    found: Sequence[ReasonSaid],
    left: int,
    document: Document,
    links: Links,
) -> Section:
    head = (row("rule", "needs", "what happened", "where"), "|---|---|---|---|")
    # Nobody can do anything about what is done, nor here about what was before.
    advised = found[0].ours and document.standing is not Standing.TRAINED
    subjects = {reason.subject for reason in found}
    return Section(
        title=title,
        rank=rank,
        lead="\n".join(head),
        items=tuple(
            _reason(
                reason, _advice(advice, subjects) if advised else "", document, links
            )
            for reason, advice in said_once(found)
        ),
        more=lambda count: row("", "", f"… and {count:,} more", ""),
        already=left,
    )


def _reason(reason: ReasonSaid, advice: str, document: Document, links: Links) -> str:
    where = ", ".join(
        spot_link(spot, document, links) for spot in reason.spots[:_SHOWN_SPOTS]
    )
    left = len(reason.spots) - _SHOWN_SPOTS
    more = f" and {left:,} more" if left > 0 else ""
    old = " (old side)" if any(spot.old for spot in reason.spots) else ""
    return row(
        reason.code,
        reason.mode.word,
        f"{_happened(reason)}{advice}",
        f"{where}{more}{old}" or "–",
    )


def _advice(todo: str, subjects: Collection[str]) -> str:
    return f"<br>→ {prose(todo, names=subjects)}" if todo else ""


def _happened(reason: ReasonSaid) -> str:
    """A reason in words; names are code, whatever they look like."""
    return prose(reason.text, names={reason.subject, *reason.names})


def _warnings(document: Document, links: Links) -> Iterator[Section]:
    if not document.warnings:
        return
    found = Section(
        title="warnings",
        rank=1,
        lead="**Warnings**\n",
        items=tuple(_warning(one, document, links) for one in document.warnings),
        more=lambda count: f"- … and {count:,} more",
        already=document.left_off.warnings,
    )
    count = plural(len(document.warnings) + document.left_off.warnings, "warning")
    yield folded(found, count) if len(found.items) > _OPEN_WARNINGS else found


def _warning(warning: WarningSaid, document: Document, links: Links) -> str:
    spot = warning.spot
    where = f" ({spot_link(spot, document, links)})" if spot else ""
    return f"- ⚠️ {prose(warning.text)}{where}"


def _split(document: Document, links: Links) -> Iterator[Section]:
    parts = document.split or ()
    count = sum(part.count for part in parts if part.first)
    # To take it apart otherwise than by file may gain something: reasons tell of that.
    if not count or document.standing in _NO_GAIN:
        return
    files, word = plural(count, "file"), document.change.mode.word
    gain = f"\n\n{files} may go first; only the rest needs {word}."
    head = (row("files", "alone", "why"), "|---|---|---|")
    yield Section(
        title="split",
        rank=2,
        lead="\n".join(("**What would make it cheaper**\n", *head)),
        items=tuple(_part(part, document, links) for part in parts),
        tail=gain,
        more=lambda count: row(f"… and {count:,} more parts", "", ""),
    )


def _part(part: PartSaid, document: Document, links: Links) -> str:
    files = ", ".join(code(path) for path in part.files[:_SHOWN_FILES])
    left = part.count - len(part.files[:_SHOWN_FILES])
    more = f" and {left:,} more" if left > 0 else ""
    bonds = f"<br>({prose('; '.join(part.together))})" if part.together else ""
    said = [_why(reason, document, links) for reason in part.reasons[:_SHOWN_REASONS]]
    mode = "?" if part.mode is None else f"{SIGNS[part.mode]} {part.mode.word}"
    first = ", may go first" if part.first else ""
    why = "; ".join(said) or prose(part.problem)
    return row(f"{files}{more}{bonds}", f"{mode}{first}", why)


def _why(reason: ReasonSaid, document: Document, links: Links) -> str:
    spots = reason.spots[:1]
    where = f" ({spot_link(spots[0], document, links)})" if spots else ""
    return f"{reason.code} {_happened(reason)}{where}"


def _lineage(document: Document) -> Iterator[Section]:
    if not document.models:
        return
    # Once the change has been trained, its own model is the newest.
    is_done = document.metrics is not None or document.standing is Standing.TRAINED
    planned = None if is_done else document.told
    lead = f"```mermaid\n{graph(document.models, planned)}\n```"
    yield folded(Section(title="lineage", rank=6, lead=lead), "Lineage")
