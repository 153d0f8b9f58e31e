"""Random histories: `classify` says what the plan stage says, places and all."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from corpora import PIPELINE, nlu_yaml
from plan.bots import PRAGMATIC, Bot, committed_bot, put

__all__ = ["committed_bot"]

WORDS = (
    *("book", "table", "hotel", "room", "rome", "oslo", "paris", "hi", "hello"),
    *("day", "bye", "night", "see", "you", "two"),
)
ENTITIES = ("city", "number", "name")
INTENTS = ("greet", "bye", "book", "help", "faq/a", "faq/b")
FOLDER = "data/nlu"


@dataclass(slots=True)
class Data:
    """Examples by file, as pairs of intent and text, and what else a file says."""

    rng: random.Random
    files: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    comments: int = 0

    def text(self) -> str:
        """A text, perhaps with an entity."""
        words = [self.rng.choice(WORDS) for _ in range(self.rng.randint(1, 4))]
        if self.rng.random() < 0.3:
            at = self.rng.randrange(len(words))
            words[at] = f"[{words[at]}]({self.rng.choice(ENTITIES)})"
        return " ".join(words)

    def file(self) -> str:
        """One of the files, or a new one."""
        return f"{FOLDER}/{self.rng.choice('abcd')}.{self.rng.choice(['yml', 'yaml'])}"

    def pop(self) -> tuple[str, str]:
        """Takes an example away."""
        said = self.files[self.rng.choice(sorted(self.files))]
        return said.pop(self.rng.randrange(len(said)))

    def add(self, intent: str, text: str) -> None:
        """Adds an example somewhere."""
        self.files.setdefault(self.file(), []).append((intent, text))

    def rename(self, old: str, new: str, share: float = 1) -> None:
        """Gives the examples of an intent, or some of them, to another."""
        for said in self.files.values():
            said[:] = [
                (new if intent == old and self.rng.random() < share else intent, text)
                for intent, text in said
            ]

    def change(self) -> None:
        """Does something that people do."""
        rng = self.rng
        intent, other = rng.choice(INTENTS), rng.choice(INTENTS)
        match rng.randrange(11):
            case 0 | 1 | 2:
                self.add(intent, self.text())
            case 3:
                self.pop()
            case 4:
                self.add(*self.pop())  # moved, or moved within its file
            case 5:
                self.add(intent, self.pop()[1])
            case 6:
                old, text = self.pop()
                self.add(old, f"{text} {rng.choice(WORDS)}")
            case 7:
                self.rename(
                    intent, rng.choice([other, f"{intent}2"]), rng.choice([1, 0.5])
                )
            case 8:
                kind = rng.choice(["regex", "lookup"])
                self.others[f"{kind} {rng.choice(ENTITIES)}"] = rng.choice(WORDS)
            case 9:
                self.others[f"synonym {rng.choice(WORDS)}"] = rng.choice(WORDS)
            case _:
                self.files[self.file()] = self.files.pop(rng.choice(sorted(self.files)))
        self.comments = rng.randrange(3)
        self.files = {path: said for path, said in self.files.items() if said}

    def written(self) -> dict[str, str]:
        """The files."""
        found = {}
        for path, said in self.files.items():
            by_intent: dict[str, list[str]] = {}
            for intent, text in said:
                by_intent.setdefault(intent, []).append(text)
            lines = "\n".join(f"{i}: {' | '.join(t)}" for i, t in by_intent.items())
            found[path] = "# so\n" * self.comments + nlu_yaml(lines)
        others = "\n".join(f"{name}: {said}" for name, said in self.others.items())
        return {**found, f"{FOLDER}/others.yml": nlu_yaml(others)} if others else found


def write(bot: Bot, data: Data) -> None:
    for path in (bot.path / FOLDER).iterdir():
        path.unlink()
    for name, text in data.written().items():
        put(bot.path / name, text)


@pytest.mark.parametrize("seed", range(4))
def test_classify_and_the_plan_stage_agree_on_any_history(bot: Bot, seed: int) -> None:
    """`Bot.plan` compares their decisions."""
    data = Data(random.Random(seed))  # noqa: S311 - no secret
    for intent in INTENTS[:-1] * 8:
        data.add(intent, data.text())
    write(bot, data)
    bot.params(PRAGMATIC if seed % 2 else "")
    bot.config(PIPELINE)
    bot.repro()
    bot.commit("plan")
    for _ in range(8):
        for _ in range(data.rng.choice([1, 1, 2, 3])):
            data.change()
        write(bot, data)
        plan = bot.plan()
        if data.rng.random() < 0.6:
            put(bot.path / "plan/plan.json", plan.data)
        bot.commit("change")
