"""Histories of examples: what was committed, and what each preset says of it.

The notation is that of `histories.judged`: `DI102*2 SF` are two removed examples.
"""

from __future__ import annotations

import pytest
from changes.histories import BOT, DOMAIN, Side, bot, judged
from changes.sides import (
    BY_FILE,
    IT,
    NLU,
    TWO_SIDES,
    cities,
    diet,
    domain,
    file,
    lines,
    more,
    piped,
    spread,
    table,
)
from corpora import PIPELINE, nlu_yaml

NOTHING = [
    ("nothing", IT, IT),
    ("one file a line", file(NLU), spread(BOT)),
    ("a file moved", file(NLU, "data/a.yml"), file(NLU, "data/nlu/b.yml")),
    ("lines in another order", file(NLU), spread("\n".join(BOT.splitlines()[::-1]))),
    ("examples in another order", IT, lines(greet="good day | hi | hello there")),
    ("an intent in two places", IT,
     Side(nlu=f"{bot(greet='hi | hello there')}\ngreet: good day")),
    ("a duplicate", IT, lines(greet=f"{TWO_SIDES} | hi")),
    ("a duplicate in another file", IT,
     Side(files={"data/more.yml": nlu_yaml("greet: hi")})),
    ("a duplicate taken out", lines(greet=f"{TWO_SIDES} | hi"), IT),
    ("outer blanks", IT, lines(greet="hi  |   hello there | good day")),
    ("a comment", file(NLU), file(f"# about greetings\n{NLU}")),
    ("empty lines", file(NLU), file(NLU.replace("\n- ", "\n\n- "))),
    ("line ends of Windows", file(NLU), file(NLU.replace("\n", "\r\n"))),
    ("quotes", file(NLU), file(NLU.replace('"greet"', "'greet'"))),
    ("no quotes", file(NLU), file(NLU.replace('"greet"', "greet"))),
    ("the version of the format", file(NLU), file(NLU.replace("3.1", "3.0"))),
    ("folded to a list", file("nlu:\n- intent: a\n  examples: |\n    - x\n    - y\n"),
     file("nlu:\n- intent: a\n  examples:\n  - text: x\n  - text: y\n")),
    ("the long form of an entity", IT,
     Side(nlu=BOT.replace("[Oslo](city)", '[Oslo]{"entity": "city"}'))),
    ("a value that is the text", IT,
     Side(nlu=BOT.replace("[Oslo](city)", "[Oslo](city:Oslo)"))),
    ("an alias said twice", IT, more("synonym Rome: roma")),
    ("a lookup in a file", lines(),
     Side(nlu=bot(**{"lookup city": ""}),
          files={"data/more.yml": BY_FILE, "data/cities.txt": "Rome\nOslo\n"})),
    ("a lookup's file reordered", cities("Ulm\nBonn\n"), cities("Bonn\nUlm\n")),
    ("a domain in two files", IT,
     Side(domain=DOMAIN.replace("actions: [action_book]\n", ""),
          files={"domain/actions.yml": "actions: [action_book]\n"})),
    ("a domain in another order", IT, domain("[greet, bye,", "[bye, greet,")),
    ("the domain's version", IT, domain("intents:", "version: '3.1'\nintents:")),
    ("a config comment", IT, Side(config=f"# ours\n{PIPELINE}")),
    ("a default written down", IT, diet("ranking_length: 10")),
    ("more defaults", IT, diet("BILOU_flag: true\n  constrain_similarities: false")),
    ("a class path", IT, piped("name: DIET", "name: rasa.nlu.classifiers.x.DIET")),
    ("keys in another order", IT,
     piped("name: DIETClassifier\n  epochs: 100",
           "epochs: 100\n  name: DIETClassifier")),
]  # fmt: skip

EXAMPLES = [
    ("an example", IT, lines(greet=f"{TWO_SIDES} | hey you"), "DI101 FF"),
    ("examples of two intents", IT,
     lines(greet=f"{TWO_SIDES} | hey you", bye="ciao | so long | see you | tschüs"),
     "DI101 FF, DI101 FF"),
    ("one out", IT, lines(greet="hi | hello there"), "DI102 SF"),
    ("one moved", IT, lines(greet="hi | hello there",
                            bye="ciao | so long | see you | good day"), "DI103 SF"),
    ("another case", IT, lines(greet="Hi | hello there | good day"), "DI105 SF"),
    ("a comma", IT, lines(greet="hi | hello, there | good day"), "DI105 SF"),
    ("a typo", IT, lines(greet="hi | helo there | good day"), "DI105 SF"),
    ("two edited", IT, lines(greet="hi! | hello there! | good day"), "DI105*2 SF"),
    ("all edited", IT, lines(greet="Hi! | Hello there! | Good day!"), "DI105*3 SF"),
    ("text and spans edited", IT,
     lines(travel="to [Rome](city) | to Oslo now! | from [Bonn](city) to [Rome](city)"),
     "DI105 SF"),
    ("spans alone", IT,
     lines(travel="to [Rome](city) | to Oslo now | from [Bonn](city) to [Rome](city)"),
     "DI104 SF"),
    ("a span off the token's edge", IT, Side(nlu=BOT.replace("to [Oslo]", "t[o Oslo]")),
     "DI104 SF"),
    ("one replaced by another", IT, lines(greet="hi | hello there | moin"),
     "DI101 FF, DI102 SF"),
    ("a text under two intents", IT, lines(bye="ciao | so long | see you | hi"),
     "DI101 FF"),
    ("out of one of two intents", lines(bye="ciao | so long | see you | hi"), IT,
     "DI102 SF"),
    ("out of its old intent, the other had it",
     lines(bye="ciao | so long | see you | hi"),
     lines(greet="hello there | good day", bye="ciao | so long | see you | hi"),
     "DI102 SF"),
    ("under two intents, moved from one to a third",
     lines(bye="ciao | so long | see you | hi"),
     Side(nlu=bot(bye="ciao | so long | see you",
                  travel="hi | to [Rome](city) | to [Oslo](city) now | "
                  "from [Bonn](city) to [Rome](city)")), "DI103 SF"),
    ("an intent's text that another had, both out of the old one",
     lines(bye="hi | hello there"), lines(greet="hi | hello there | good day", bye=""),
     "DI202*2 SS"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), NOTHING, ids=[r[0] for r in NOTHING])
def test_what_means_the_same_needs_nothing(name: str, old: Side, new: Side) -> None:
    assert judged(old, new) == "", name
    assert judged(new, old) == "", name


@table(*EXAMPLES)
def test_a_history_of_examples_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said
