"""A table of histories: what was committed, and what each preset says of it.

The notation is that of `histories.judged`: `DI102*2 SF` are two removed examples.
"""

from __future__ import annotations

import re

import pytest
from changes.histories import BOT, DOMAIN, Side, bot, judged
from corpora import PIPELINE, SELECTING, nlu_yaml

NLU = nlu_yaml(BOT)
EMPTY = ""
TWO_SIDES = "hi | hello there | good day"


def lines(**said: str) -> Side:
    return Side(nlu=bot(**said))


def more(text: str) -> Side:
    return Side(nlu=f"{BOT}{text}")


def selecting(nlu: str) -> Side:
    return Side(nlu=nlu, config=SELECTING)


def domain(old: str, new: str) -> Side:
    assert old in DOMAIN
    return Side(domain=DOMAIN.replace(old, new))


def piped(old: str, new: str) -> Side:
    assert old in PIPELINE
    return Side(config=PIPELINE.replace(old, new))


def diet(option: str) -> Side:
    return piped("epochs: 100", f"epochs: 100\n  {option}")


def file(text: str, path: str = "data/more.yml") -> Side:
    """The data as they are written, in a file of their own."""
    return Side(nlu=EMPTY, files={path: text})


def spread(nlu: str, **more: str) -> Side:
    """One file for each line."""
    files = {f"data/{i:03}.yml": nlu_yaml(x) for i, x in enumerate(nlu.splitlines())}
    return Side(nlu=EMPTY, files={**files, **more})


def annotated(count: int, entity: str) -> str:
    rows = (f"i{i}: go [there](city) {i} | see [{i}]({entity})" for i in range(count))
    return "\n".join(rows)


CITIES = "".join(f"city {i}\n" for i in range(10_000))
BY_FILE = "nlu:\n- lookup: city\n  examples: data/cities.txt\n"


def cities(text: str) -> Side:
    return Side(files={"data/more.yml": BY_FILE, "data/cities.txt": text})


IT = Side()
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

BESIDE = [
    ("an alias", IT, lines(**{"synonym Rome": "roma | rom"}), "DI111 RR"),
    ("a synonym by a value", IT,
     Side(nlu=BOT.replace("[Oslo](city)", "[Oslo](city:Christiania)")), "DI111 RR"),
    ("a pattern more", IT, lines(**{"regex zip": "[0-9]+ | [A-Z]+ | x"}), "DI113 SF"),
    ("a regex", IT, more("regex nr: [0-9]{6}"), "DI112 FF"),
    ("a regex renamed", IT, Side(nlu=BOT.replace("regex zip", "regex code")),
     "DI112*2 FF, DI114*2 SF"),
    ("a regex out", IT, lines(**{"regex zip": ""}), "DI114*2 SF"),
    ("a line of a lookup of 10,000", cities(CITIES),
     cities(CITIES.replace("city 77\n", "city 77b\n")), "DI113*2 SF"),
    ("a lookup that no featurizer reads",
     piped("- name: RegexFeaturizer\n", ""),
     Side(nlu=bot(**{"lookup city": "Rome"}),
          config=PIPELINE.replace("- name: RegexFeaturizer\n", "")), "DI113 NN"),
]  # fmt: skip

DOMAINS = [
    ("a slot", IT, domain("slots:\n", "slots:\n  seat: {type: text}\n"), "DI301 SS"),
    ("a slot's mapping", IT, domain("entity: city}]", "entity: town}]"), "DI303 NN"),
    ("an action", IT, domain("[action_book]", "[action_book, action_pay]"), "DI302 SS"),
    ("a form's slots", IT, domain("required_slots: [city]", "required_slots: []"),
     "DI303 NN"),
    ("the session", IT, domain("time: 60", "time: 30"), "DI303 NN"),
    ("a response", IT, domain("text: Hi", "text: Hello"), "DI303 NN"),
    ("an intent listed alone", IT, domain("faq]", "faq, other]"), "DI304 SS"),
    ("an entity listed alone", IT, domain("[city]\nslots", "[city, x]\nslots"),
     "DI304 SS"),
    ("stories", IT,
     Side(files={"data/s.yml": "stories:\n- story: a\n  steps:\n  - intent: greet\n"}),
     "DI305 FF"),
]  # fmt: skip

CONFIGS = [
    ("epochs", IT, piped("epochs: 100", "epochs: 5"), "DI401 NN"),
    ("a threshold", Side(config=f"{PIPELINE}- name: FallbackClassifier\n"),
     Side(config=f"{PIPELINE}- name: FallbackClassifier\n  threshold: 0.5\n"),
     "DI402 RR"),
    ("the ranking's length", IT, diet("ranking_length: 3"), "DI402 RR"),
    ("logging", IT, diet("tensorboard_log_directory: logs"), "DI402 RR"),
    ("drop rate", IT, diet("drop_rate: 0.5"), "DI403 SS"),
    ("layers", IT, diet("number_of_transformer_layers: 1"), "DI403 SS"),
    ("a size without layers", IT, diet("transformer_size: 128"), "DI403 NN"),
    ("a size with layers", diet("number_of_transformer_layers: 1"),
     diet("number_of_transformer_layers: 1\n  transformer_size: 128"), "DI403 SS"),
    ("layers and a size at once", IT,
     diet("number_of_transformer_layers: 1\n  transformer_size: 128"),
     "DI403 SS, DI403 SS"),
    ("what is not honoured", IT, diet("constrain_similarities: true"), "DI403 NN"),
    ("what is not honoured, beside another's component",
     Side(config=f"{PIPELINE}- name: our.Component\n"),
     Side(config=PIPELINE.replace("epochs: 100",
                                  "epochs: 100\n  constrain_similarities: true")
          + "- name: our.Component\n"), "DI403 SS"),
    ("n-grams", IT, piped("max_ngram: 4", "max_ngram: 5"), "DI403 SS"),
    ("a featurizer out", IT, piped("- name: LexicalSyntacticFeaturizer\n", ""),
     "DI404 SS"),
    ("featurizers in another order", IT,
     piped("- name: RegexFeaturizer\n- name: LexicalSyntacticFeaturizer\n",
           "- name: LexicalSyntacticFeaturizer\n- name: RegexFeaturizer\n"),
     "DI404 SS"),
    ("a fallback", IT, Side(config=f"{PIPELINE}- name: FallbackClassifier\n"),
     "DI404 RR"),
    ("a selector", IT, Side(config=SELECTING), "DI404 SS"),
    ("the language", IT, piped("language: en", "language: de"), "DI405 SS"),
    ("dialogue policies", IT, Side(config=f"{PIPELINE}policies:\n- name: RulePolicy\n"),
     "DI406 SS"),
]  # fmt: skip

ROWS = [*EXAMPLES, *INTENTS, *KEYS, *ENTITIES, *BESIDE, *DOMAINS, *CONFIGS]


@pytest.mark.parametrize(("name", "old", "new"), NOTHING, ids=[r[0] for r in NOTHING])
def test_what_means_the_same_needs_nothing(name: str, old: Side, new: Side) -> None:
    assert judged(old, new) == "", name
    assert judged(new, old) == "", name


@pytest.mark.parametrize(
    ("name", "old", "new", "said"), ROWS, ids=[row[0] for row in ROWS]
)
def test_a_history_is_judged(name: str, old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said, name
