"""Histories of labels: intents, response keys, entity types.

The notation is that of `histories.judged`: `DI102*2 SF` are two removed examples.
"""

from __future__ import annotations

import re

from changes.histories import BOT, DOMAIN, Side, bot, judged
from changes.sides import (
    IT,
    TWO_SIDES,
    annotated,
    lines,
    more,
    selecting,
    spread,
    table,
)
from corpora import SELECTING

INTENTS = [
    ("a new intent", IT, more("book: book it | reserve"), "DI201*2 SF"),
    ("a new intent, listed", IT,
     Side(nlu=f"{BOT}book: book it | reserve",
          domain=DOMAIN.replace("faq]", "faq, book]")), "DI201*2 SF"),
    ("an intent out", IT, lines(bye=""), "DI202*3 SS"),
    ("renamed", IT, Side(nlu=BOT.replace("bye:", "leave:")), "DI203*3 SR"),
    ("renamed, in the domain too", IT,
     Side(nlu=BOT.replace("bye:", "leave:"), domain=DOMAIN.replace("bye,", "leave,")),
     "DI203*3 SR"),
    ("another case", IT, Side(nlu=BOT.replace("bye:", "Bye:")), "DI203*3 SR"),
    ("renamed over 30 files",
     spread(annotated(30, "x").replace("i7:", "i7: one more |")),
     spread(annotated(30, "x").replace("i7:", "j7: one more |")), "DI203*3 SR"),
    ("all of 30 renamed", spread(annotated(30, "x")),
     spread(re.sub(r"^i", "j", annotated(30, "x"), flags=re.MULTILINE)),
     ", ".join(["DI203*2 SR"] * 30)),
    ("swapped", IT, lines(greet="ciao | so long | see you", bye=TWO_SIDES),
     "DI203*3 SR, DI203*3 SR"),
    ("a chain", IT, Side(nlu=BOT.replace("bye:", "leave:").replace("greet:", "bye:")),
     "DI203*3 SR, DI203*3 SR"),
    ("renamed and one added", IT, Side(nlu=f"{bot(bye='')}\nleave: ciao | so long | "
                                       "see you | tschüs"), "DI101 FF, DI203*4 SR"),
    ("renamed and one out", IT, Side(nlu=f"{bot(bye='')}\nleave: ciao | so long"),
     "DI102 SF, DI203*2 SR"),
    ("renamed and one edited", IT,
     Side(nlu=f"{bot(bye='')}\nleave: ciao | so long | See you!"),
     "DI105 SF, DI203*3 SR"),
    ("renamed by less than half", IT,
     Side(nlu=f"{bot(bye='')}\nleave: ciao | moin | wiedersehen"),
     "DI201*3 SF, DI202*3 SS"),
    ("merged into a new one", IT,
     Side(nlu=f"{bot(bye='', greet='')}\nchat: {TWO_SIDES} | ciao | so long | see you"),
     "DI204*6 SS"),
    ("merged into a known one", IT,
     lines(bye="", greet=f"{TWO_SIDES} | ciao | so long | see you"), "DI204*3 SS"),
    ("merged, and the target grew", IT,
     lines(bye="", greet=f"{TWO_SIDES} | ciao | so long | see you | moin"),
     "DI101 FF, DI204*3 SS"),
    ("one renamed, one poured into it", IT,
     Side(nlu=f"{bot(bye='', greet='')}\nchat: {TWO_SIDES} | ciao | so long"),
     "DI203*5 SR, DI204*2 SS"),
    ("split, half stays", lines(greet=f"{TWO_SIDES} | moin"),
     Side(nlu=f"{bot(greet='hi | hello there')}\nformal: good day | moin"),
     "DI205*2 SS"),
    ("split, none stays", lines(greet=f"{TWO_SIDES} | moin"),
     Side(nlu=f"{bot(greet='')}\na: hi | moin\nb: good day | hello there"),
     "DI203*2 SR, DI205*2 SS"),
    ("one text into a new intent that brings its own", IT,
     Side(nlu=f"{bot(greet='hi | hello there')}\nformal: good day | dear | madam"),
     "DI201*3 SF"),
    ("more than half moved to a known one: relabelled", IT,
     lines(greet="hi", bye="ciao | so long | see you | hello there | good day"),
     "DI103*2 SF"),
    ("most texts replaced", IT, lines(greet="hi | moin | grüezi"),
     "DI101*2 FF, DI102*2 SF"),
]  # fmt: skip

HELP = BOT.replace("faq/", "help/")
FOOD = "is there food | can i eat"

KEYS = [
    ("a key", selecting(BOT), selecting(f"{BOT}faq/bike: may i take a bike"),
     "DI206 SF"),
    ("a key without a selector", IT, more("faq/bike: may i take a bike"),
     "DI101 FF, DI206 NN"),
    ("the next key",
     selecting(f"{BOT}faq/bike: may i take a bike"),
     selecting(f"{BOT}faq/bike: may i take a bike\nfaq/dog: may i take a dog"),
     "DI206 SF"),
    ("a key out", selecting(BOT), selecting(bot(faq__food="")),
     "DI207*2 SS"),
    ("a key renamed", selecting(BOT), selecting(BOT.replace("faq/food", "faq/meal")),
     "DI207*2 SS"),
    ("a key renamed without a selector", IT,
     Side(nlu=BOT.replace("faq/food", "faq/meal")),
     "DI121 RR, DI121 RR, DI207*2 NN"),
    ("all keys under another intent", selecting(BOT), selecting(HELP), "DI203*4 SR"),
    ("all keys under another intent, answers left behind", selecting(BOT),
     selecting(HELP.replace("utter help", "utter faq")), "DI203*4 SR"),
    ("a key to another retrieval intent",
     selecting(f"{BOT}chat/name: who are you"),
     selecting(f"{BOT.replace('faq/food', 'chat/food')}chat/name: who are you"),
     "DI207*2 SS"),
    ("the same without a selector",
     more("chat/name: who are you"),
     Side(nlu=f"{BOT.replace('faq/food', 'chat/food')}chat/name: who are you"),
     "DI103*2 SF, DI121 RR, DI121 RR, DI207*2 NN"),
    ("an example to another key", selecting(BOT),
     selecting(bot(faq__food=f"{FOOD} | wifi please", faq__wifi="is there wifi")),
     "DI103 SF"),
    ("the same without a selector: one intent", IT,
     lines(faq__food=f"{FOOD} | wifi please", faq__wifi="is there wifi"), ""),
    ("an example of a key edited", selecting(BOT),
     selecting(bot(faq__food="is there food? | can i eat")), "DI105 SF"),
    ("an answer", IT, lines(**{"utter faq/wifi": "Of course."}), "DI121*2 RR"),
    ("one more answer", IT, lines(**{"utter faq/wifi": "Yes. | Sure."}), "DI121 RR"),
    ("an answer that Rasa learns",
     Side(config=f"{SELECTING}  use_text_as_label: true\n"),
     Side(config=f"{SELECTING}  use_text_as_label: true\n",
          nlu=bot(**{"utter faq/wifi": "Of course."})), "DI121*2 RR"),
]  # fmt: skip

ROLE = '[Rome]{"entity": "city", "role": "to"}'

ENTITIES = [
    ("a type", IT, more("bye: bye [Bob](name)"), "DI101 FF, DI211 SF"),
    ("a type on a known text", IT, lines(greet="hi | hello there | [good day](time)"),
     "DI104 SF, DI211 SF"),
    ("a type out", IT, Side(nlu=BOT.replace("[Rome](city)", "Rome")
                            .replace("[Oslo](city)", "Oslo")
                            .replace("[Bonn](city)", "Bonn")),
     "DI104*3 SF, DI212*4 SS"),
    ("a type renamed", IT, Side(nlu=BOT.replace("(city)", "(town)")), "DI213*4 SR"),
    ("a type renamed over 30 files", spread(annotated(30, "x")),
     spread(annotated(30, "x").replace("(city)", "(town)")), "DI213*30 SR"),
    ("a type of a few taken out of one", spread(annotated(9, "x")),
     spread(annotated(9, "x").replace("[7](x)", "[7](y)")), "DI104 SF, DI211 SF"),
    ("a role", IT, Side(nlu=BOT.replace("to [Rome](city) |", f"to {ROLE} |")),
     "DI104 SF, DI214 SS"),
    ("a type split into roles", IT,
     Side(nlu=BOT.replace("[Bonn](city)", '[Bonn]{"entity": "city", "role": "from"}')
          .replace("[Rome](city)", ROLE)), "DI104*2 SF, DI214 SS, DI214*2 SS"),
    ("a role moved to another type",
     more(f"bye: off to {ROLE} | [x](name) | [x y](name)"),
     more(f"bye: off to {ROLE.replace('city', 'name')} | [x](name) | [x y](name)"),
     "DI104 SF, DI214 SS"),
    ("a group", IT,
     Side(nlu=BOT.replace("[Oslo](city)", '[Oslo]{"entity": "city", "group": "1"}')),
     "DI104 SF, DI214 SS"),
]  # fmt: skip


@table(*INTENTS)
def test_a_history_of_intents_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said


@table(*KEYS)
def test_a_history_of_response_keys_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said


@table(*ENTITIES)
def test_a_history_of_entity_types_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said
