"""A bot and a number of commits to a history of small changes, as teams make them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from classifying.bot import DOMAIN, Bot, Content, render
from classifying.stream import Import
from classifying.texts import SEED, intent_names

# What commits are, in a hundred: most add a few examples.
_KINDS = {
    "examples": 66,
    "reword": 8,
    "domain": 8,
    "intent": 5,
    "rename": 5,
    "merge": 5,
    "comment": 3,
}
_MOST_EXAMPLES = 5

Written = list[tuple[str, bytes]]


@dataclass(slots=True)
class _Change:
    """What one commit does."""

    message: str
    written: Written
    moved: tuple[tuple[str, str], ...] = ()


def record(bot: Bot, into: Import, commits: int, seed: int = SEED) -> None:
    """Writes the bot, and so many changes of it along first parents.

    A merge brings a second commit beside, so that there are a few more in all.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    tip = into.commit("a bot", bot.rendered())
    for number in range(commits):
        (kind,) = chance.choices([*_KINDS], [*_KINDS.values()])
        if kind == "merge":
            tip = _merge(bot, into, tip, chance)
            continue
        change = _CHANGES[kind](bot, chance, number)
        tip = into.commit(
            change.message, change.written, parents=(tip,), moved=change.moved
        )


def _merge(bot: Bot, into: Import, tip: int, chance: random.Random) -> int:
    """A branch of one commit, merged without conflict."""
    change = _examples(bot, chance, 0)
    side = into.commit("on a branch", change.written, parents=(tip,))
    other = _examples(bot, chance, 0, apart=change.written[0][0])
    main = into.commit(other.message, other.written, parents=(tip,))
    written = [*change.written, *other.written]
    return into.commit("merge a branch", written, parents=(main, side))


def _content(bot: Bot, chance: random.Random, apart: str = "") -> tuple[str, Content]:
    return chance.choice(
        [(path, said) for path, said in bot.files.items() if said and path != apart]
    )


def _examples(bot: Bot, chance: random.Random, number: int, apart: str = "") -> _Change:
    del number
    path, content = _content(bot, chance, apart)
    intent = chance.choice([*content])
    count = chance.randint(1, _MOST_EXAMPLES)
    content[intent] = [*content[intent], *bot.speech.lines(intent, count)]
    return _Change(f"{count} examples of {intent}", [(path, render(content))])


def _reword(bot: Bot, chance: random.Random, number: int) -> _Change:
    del number
    path, content = _content(bot, chance)
    intent = chance.choice([*content])
    at = chance.randrange(len(content[intent]))
    content[intent][at] = bot.speech.lines(intent, 1)[0]
    return _Change(f"reword an example of {intent}", [(path, render(content))])


def _domain(bot: Bot, chance: random.Random, number: int) -> _Change:
    del chance
    bot.actions.append(f"action_step_{number}")
    return _Change("an action", [(DOMAIN, bot.domain())])


def _intent(bot: Bot, chance: random.Random, number: int) -> _Change:
    del number
    names = intent_names(len(bot.intents) + 1)
    intent = next(name for name in names if name not in bot.intents)
    path, content = _content(bot, chance)
    bot.intents.append(intent)
    content[intent] = bot.speech.lines(intent, 2 * _MOST_EXAMPLES)
    return _Change(
        f"intent {intent}", [(path, render(content)), (DOMAIN, bot.domain())]
    )


def _rename(bot: Bot, chance: random.Random, number: int) -> _Change:
    path, content = _content(bot, chance)
    new = f"data/nlu/moved_{number:04}.yml"
    del bot.files[path]
    bot.files[new] = content
    return _Change("rename a file", [], ((path, new),))


def _comment(bot: Bot, chance: random.Random, number: int) -> _Change:
    path, content = _content(bot, chance)
    comment = f"# looked through, round {number}\n".encode()
    return _Change("a comment", [(path, comment + render(content))])


_CHANGES = {
    "examples": _examples,
    "reword": _reword,
    "domain": _domain,
    "intent": _intent,
    "rename": _rename,
    "comment": _comment,
}
