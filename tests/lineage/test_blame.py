"""Which training first knew a label or an example, and which commit brought it."""

from __future__ import annotations

import pytest
from lineages import written
from recorded import GREET, ORDER, known, name_of, nlu, record_of, trained

from dvcinc.errors import InputError
from dvcinc.lineage.blame import blame
from dvcinc.lineage.looking import Kind

FILE = "lineage.json"
CITY = f"{GREET}travel: to [Rome](city) | to [Oslo](city)\n"


def blamed(made, name, *, here=False):
    project, history, _ = known(made)
    return blame(project, history, name, project.worktree() if here else None)


def told(made, name, *, here=False):
    """`kind: first~commit …` for each kind, `-first..past~commit` for what ended."""
    return [
        f"{one.kind.value}: {' '.join(_parts(made, one))}"
        for one in blamed(made, name, here=here).found
    ]


def _parts(made, one):
    for stretch in one.known:
        yield f"{name_of(stretch.first)}~{_at(made, stretch.brought)}"
    for stretch in one.earlier:
        past = name_of(stretch.past) if stretch.past else ""
        yield f"-{name_of(stretch.first)}..{past}~{_at(made, stretch.brought)}"
    if one.waiting:
        yield f"+{_at(made, one.waiting)}"


def _at(made, brought):
    return made.commits.index(brought.commit.name) if brought.commit else "none"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("order", ["intent: b~1"]),
        ("greet", ["intent: a~0"]),
        ("a coffee", ["text: b~1"]),
        ("  a coffee ", ["text: b~1"]),
        ("city", []),
        ("a cof", []),
        ("", []),
    ],
)
def test_a_label_and_a_text_are_known_since_a_training(repo, name, expected):
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b", ORDER)
    trained(made, "c", f"{ORDER}greet: good day\n")
    assert told(made, name) == expected


def test_an_entity_and_a_text_with_markup_are_known(repo):
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b", CITY)
    assert told(made, "city") == ["entity: b~1"]
    assert told(made, "to [Rome](city)") == told(made, "to Rome") == ["text: b~1"]


def test_a_name_of_several_things_is_told_for_each(repo):
    made = repo()
    trained(made, "a", "city: city | [Rome](city)\nbye: ciao | so long\n")
    assert told(made, "city") == ["intent: a~0", "entity: a~0", "text: a~0"]


def test_the_commit_that_brought_it_is_not_the_one_that_trained_it(repo):
    made = repo()
    trained(made, "a", GREET)
    made.commit({"README": "x"})
    made.commit(nlu(ORDER), "orders")
    made.commit(nlu(f"{ORDER}greet: good day\n"))
    trained(made, "b")
    (one,) = blamed(made, "order").found
    (stretch,) = one.known
    assert stretch.brought.commit.name == made.commits[2]
    assert (stretch.brought.commit.subject, stretch.brought.commit.author) == (
        "orders",
        "Ada",
    )


def test_what_came_went_and_came_again_is_known_since_it_came_again(repo):
    made = repo()
    trained(made, "a", ORDER)
    trained(made, "b", GREET)
    made.commit({"x": "1"})
    trained(made, "c", ORDER)
    trained(made, "d", f"{ORDER}greet: good day\n")
    assert told(made, "order") == ["intent: c~3 -a..b~0"]


def test_what_went_between_two_trainings_was_never_away(repo):
    made = repo()
    trained(made, "a", ORDER)
    made.commit(nlu(GREET))
    made.commit(nlu(ORDER))
    trained(made, "b", f"{ORDER}greet: good day\n")
    assert told(made, "order") == ["intent: a~0"]


def test_what_is_gone_was_known_before(repo):
    made = repo()
    trained(made, "a", ORDER)
    trained(made, "b", GREET)
    assert told(made, "order") == ["intent: -a..b~0"]


def test_a_revert_ends_it_though_the_model_is_an_old_one(repo):
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b", ORDER)
    made.git("revert", "--no-edit", "HEAD")
    assert told(made, "order") == ["intent: -b..a~1"]
    (one,) = blamed(made, "order").found
    assert one.earlier[0].past.version.commit.name == made.git("rev-parse", "HEAD")


def test_what_a_revert_brings_back_is_known_since_the_revert(repo):
    made = repo()
    trained(made, "a", ORDER)
    trained(made, "b", GREET)
    made.git("revert", "--no-edit", "HEAD")
    made.commits.append(made.git("rev-parse", "HEAD"))
    assert told(made, "order") == ["intent: a~2 -a..b~0"]


def test_what_no_training_knows_yet_waits(repo):
    made = repo()
    trained(made, "a", GREET)
    made.commit({"x": "1"})
    made.commit(nlu(ORDER))
    assert told(made, "order") == ["intent: +2"]


def test_what_the_work_tree_alone_has_waits_without_a_commit(repo):
    made = repo()
    trained(made, "a", GREET)
    made.write(nlu(ORDER))
    assert told(made, "order", here=True) == ["intent: +none"]
    assert told(made, "order") == []


def test_a_branch_that_did_not_know_it_does_not_end_it(repo):
    made = repo()
    trained(made, "a", GREET)
    made.git("switch", "--quiet", "--create", "side")
    trained(made, "b", f"{GREET}greet: good day\n")
    made.git("switch", "--quiet", "main")
    trained(made, "c", ORDER)
    made.git("merge", "--quiet", "--no-ff", "--no-commit", "-X", "ours", "side")
    trained(made, "d", f"{ORDER}greet: good day\n")
    assert told(made, "order") == ["intent: c~2"]
    assert told(made, "good day") == ["text: b~1"]


def test_two_branches_that_brought_it_are_both_told(repo):
    made = repo()
    trained(made, "a", GREET)
    made.git("switch", "--quiet", "--create", "side")
    trained(made, "b", ORDER)
    made.git("switch", "--quiet", "main")
    trained(made, "c", f"{ORDER}greet: good day\n")
    made.git("merge", "--quiet", "--no-ff", "--no-commit", "-X", "ours", "side")
    trained(made, "d", f"{ORDER}greet: good day | hey\n")
    (only,) = told(made, "order")
    assert sorted(only.removeprefix("intent: ").split()) == ["b~1", "c~2"]


def test_a_moved_file_or_folder_is_no_beginning(repo):
    made = repo()
    trained(made, "a", ORDER)
    made.git("mv", "data", "corpus")
    made.commit({"params.yaml": "data: {nlu: corpus, config: config.yml}\n"})
    trained(made, "b")
    assert told(made, "order") == ["intent: a~0"]
    # Asked from a training after the move, too.
    made.commit({FILE: None})
    made.git("checkout", "--quiet", "--orphan", "new")
    made.commits.clear()
    trained(made, "c")
    assert told(made, "order") == ["intent: c~0"]


def test_the_data_of_a_training_are_found_by_their_digest(repo):
    """The commit that holds the record has more data than the model was trained on."""
    made = repo()
    trained(made, "a", GREET)
    commit = made.commit(nlu(f"{GREET}greet: good day\n"))
    record = record_of(made, "b", commit=commit)
    made.commit(nlu(ORDER))
    made.commit({FILE: record})
    assert told(made, "order") == ["intent: +2"]


def test_a_commit_that_cannot_be_read_is_passed_by_and_named(repo):
    made = repo()
    trained(made, "a", ORDER)
    broken = made.commit({"data/nlu.yml": "nlu:\n- intent: @x\n"})
    trained(made, "b", f"{ORDER}greet: good day\n")
    made.write({"data/nlu.yml": "nlu:\n- intent: @x\n", FILE: written("c")})
    lost = made.commit()
    trained(made, "d", ORDER)
    assert told(made, "order") == ["intent: a~0"]
    unknown = dict(blamed(made, "order").unknown)
    assert lost in unknown
    assert broken not in unknown
    assert "data/nlu.yml:2:11" in unknown[lost]


def test_where_history_is_cut_off_the_beginning_may_lie_before(repo):
    made = repo()
    trained(made, "a", ORDER)
    trained(made, "b", f"{ORDER}greet: good day\n")
    made.git("clone", "--quiet", "--depth=1", made.path.as_uri(), "../shallow")
    there = type(made)(made.path.parent / "shallow")
    (one,) = blamed(there, "order").found
    assert one.known[0].brought.cut_off
    (whole,) = blamed(made, "order").found
    assert not whole.known[0].brought.cut_off


@pytest.mark.parametrize("name", ["x' OR 1=1", "\0", "a\nb", "[x](", "%"])
def test_any_name_may_be_asked_for(repo, name):
    made = repo()
    trained(made, "a", GREET)
    assert told(made, name) == []


def test_a_name_that_is_no_text_is_refused(repo):
    made = repo()
    trained(made, "a", GREET)
    with pytest.raises(InputError, match="is no UTF-8"):
        blamed(made, "caf\udce9")


def test_kinds_are_the_words_of_the_document():
    assert [kind.value for kind in Kind] == ["intent", "entity", "text"]
