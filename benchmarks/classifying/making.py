"""Makes a repository, in a process of its own.

    python -m classifying.making EXAMPLES FILES COMMITS PATH

Apart from the measuring process, since a child's peak memory counts that of the
process that started it. Without COMMITS (0), HEAD adds three examples to the rest.
"""

from __future__ import annotations

import sys
from pathlib import Path

from classifying import history
from classifying.bot import Bot, Size, longer, make, render
from classifying.stream import Import


def main(examples: str, files: str, commits: str, path: str) -> None:
    """Makes it."""
    bot = make(Size(int(examples), int(files)))
    with Import(Path(path)) as into:
        if int(commits):
            history.record(bot, into, int(commits))
        else:
            _two_commits(bot, into)


def _two_commits(bot: Bot, into: Import) -> None:
    first = into.commit("data", bot.rendered())
    path, content = next((path, said) for path, said in bot.files.items() if said)
    more = longer(render(content).decode(), 0).encode()
    into.commit("three examples", [(path, more)], parents=(first,))


if __name__ == "__main__":
    main(*sys.argv[1:])
