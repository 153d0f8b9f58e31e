"""`classify --split` as a person meets it, and the commands that it names."""

from __future__ import annotations

import json
import shlex
import subprocess

import pytest
from corpora import nlu_yaml
from render.rendering import both
from surfaces.run import MORE, NEW_INTENT, dvcinc

ORDER = {"data/order.yml": NEW_INTENT["data/more.yml"]}
BOTH = {**MORE, **ORDER}


def commands(said):
    """The commands that a text ends with."""
    return [line.strip() for line in said.splitlines() if line.startswith("  git ")]


def run(bot, said):
    """Runs them, with a message instead of an editor."""
    for command in commands(said):
        words = shlex.split(command)
        more = ["--quiet", "--message", "first"] if words[1] == "commit" else []
        subprocess.run([*words, *more], cwd=bot.path, check=True, capture_output=True)


def test_the_text_says_what_each_file_needs_and_what_may_go_first(bot):
    bot.write(BOTH)
    said = dvcinc(bot.path, "classify", "--split").stdout
    assert said.startswith("scratch: a new base has to be trained\n")
    assert said.partition("\nby file\n")[2] == (
        "  finetune  data/more.yml\n"
        "            DI101 2 examples added to intent greet"
        " (data/more.yml:5, data/more.yml:6)\n"
        "  scratch   data/order.yml\n"
        "            DI201 intent order is new (2 examples)"
        " (data/order.yml:5, data/order.yml:6)\n"
        "\n"
        "1 file may go first, as finetune; only the rest needs scratch:\n"
        "  git add -- data/more.yml\n"
        "  git commit\n"
    )


@pytest.mark.parametrize("name", ["a b.yml", "ü'.yml", ":x*.yml", "-n.yml", "n\te.yml"])
@pytest.mark.parametrize("staged", [False, True])
def test_the_commands_do_what_was_said(bot, name, staged):
    bot.write({f"data/{name}": MORE["data/more.yml"], **ORDER})
    if staged:
        bot.git("add", "--all")
    arguments = ["--staged"] if staged else []
    said = dvcinc(bot.path, "classify", *arguments, "--split").stdout
    assert ("restore --staged" in said) is staged
    script = "\n".join(commands(said)).replace("git commit", "git commit -qm first")
    subprocess.run(["bash", "-ec", script], cwd=bot.path, check=True)
    done = dvcinc(bot.path, "classify", "HEAD~1", "HEAD", "--json").stdout
    assert json.loads(done)["mode"] == "finetune"
    left = dvcinc(bot.path, "classify", "--json").stdout
    assert [r["code"] for r in json.loads(left)["reasons"]] == ["DI201"]


def test_what_is_staged_of_the_rest_is_taken_back_first(bot):
    bot.write(BOTH)
    bot.git("add", "data/order.yml")
    said = dvcinc(bot.path, "classify", "--split").stdout
    assert commands(said)[0] == "git restore --staged -- data/order.yml"
    run(bot, said)
    assert bot.git("show", "--name-only", "--format=") == "data/more.yml"


def test_paths_count_from_where_the_command_runs(bot):
    bot.write(BOTH)
    said = dvcinc(bot.path / "data", "--project", "..", "classify", "--split").stdout
    assert "git add -- more.yml" in commands(said)


@pytest.mark.parametrize("arguments", [["HEAD~1"], ["HEAD~1", "HEAD"]])
def test_no_command_where_it_would_not_be_the_next_commit(bot, arguments):
    bot.commit(BOTH)
    said = dvcinc(bot.path, "classify", *arguments, "--split").stdout
    assert "1 file may go first" in said
    assert commands(said) == []


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "no file differs that counts"),
        (ORDER, "all of it stands in one file"),
        (
            {**ORDER, "data/pay.yml": nlu_yaml("pay: pay now | the bill")},
            "each part needs scratch by itself",
        ),
        (
            {
                **ORDER,
                "domain.yml": "# why\nintents: [greet, bye]\nactions: [action_a]",
            },
            "what does not need scratch trains nothing",
        ),
    ],
)
def test_where_nothing_is_gained_the_text_says_why(bot, files, why):
    bot.write(files)
    said = dvcinc(bot.path, "classify", "--split").stdout
    assert said.endswith(f"\na split by file gains nothing: {why}\n")
    assert commands(said) == []


def test_json_has_the_parts_for_those_who_ask(bot):
    bot.write(BOTH)
    said = json.loads(dvcinc(bot.path, "classify", "--split", "--json").stdout)
    assert said["schema"] == "dvcinc/decision/1"
    told = [(part["files"], part["mode"], part["first"]) for part in said["split"]]
    assert told == [
        (["data/more.yml"], "finetune", True),
        (["data/order.yml"], "scratch", False),
    ]
    assert [r["code"] for r in said["split"][1]["reasons"]] == ["DI201"]
    plain = json.loads(dvcinc(bot.path, "classify", "--json").stdout)
    assert plain["split"] is None
    assert {**said, "split": None} == plain


def test_markdown_has_a_table_and_escapes_what_the_data_say(bot):
    bot.write({**BOTH, "data/<b>|@all.yml": nlu_yaml("<script>|`x`: one | two")})
    said = dvcinc(bot.path, "classify", "--split", "--md").stdout
    table = said.partition("| files | alone | why |\n")[2]
    row = "| `data/more.yml` | 🟢 finetune, may go first | DI101 "
    assert table.startswith(f"|---|---|---|\n{row}")
    assert "```sh\ngit add -- data/more.yml\ngit commit\n```\n" in table
    for seen in both(said):
        assert not {"b", "script"} & {*seen.elements}
        assert not seen.meant()


def test_the_exit_code_is_that_of_the_whole(bot):
    bot.write(BOTH)
    assert dvcinc(bot.path, "classify", "--split", "--exit-code").returncode == 20


def test_hostile_names_cannot_talk_to_the_terminal(bot):
    bot.write({"data/\x1b[2Jx.yml": MORE["data/more.yml"], **ORDER})
    said = dvcinc(bot.path, "classify", "--split").stdout
    assert "\x1b" not in said
    assert r" add -- $'data/\x1b[2Jx.yml'" in said


def test_a_pointer_of_dvc_is_brought_up_to_date_first(bot):
    bot.write({"data/big/a.yml": MORE["data/more.yml"]})
    subprocess.run(["dvc", "init", "-q"], cwd=bot.path, check=True)
    subprocess.run(["dvc", "add", "-q", "data/big"], cwd=bot.path, check=True)
    bot.commit()
    more = nlu_yaml("greet: good day | hey | evening")
    bot.write({"data/big/a.yml": more, **ORDER})
    said = dvcinc(bot.path, "classify", "--split").stdout
    script = [line.strip() for line in said.splitlines()[-3:]]
    assert script == [
        "dvc commit --force -- data/big.dvc",
        "git add -- data/big.dvc",
        "git commit",
    ]
    script[-1] += " -qm first"
    subprocess.run(["bash", "-ec", "\n".join(script)], cwd=bot.path, check=True)
    done = dvcinc(bot.path, "classify", "HEAD~1", "HEAD", "--json").stdout
    assert json.loads(done)["mode"] == "finetune"


def test_data_of_dvc_go_by_their_pointer(bot):
    """Git knows a folder that DVC tracks by one pointer; its files are one part."""
    md5s = {"a.yml": MORE["data/more.yml"], "b.yml": ORDER["data/order.yml"]}
    bot.write({f"data/big/{name}": text for name, text in md5s.items()})
    subprocess.run(["dvc", "init", "-q"], cwd=bot.path, check=True)
    subprocess.run(["dvc", "add", "-q", "data/big"], cwd=bot.path, check=True)
    bot.commit()
    bot.write(
        {
            "data/big/a.yml": nlu_yaml("greet: good day | hey | evening"),
            "data/big/c.yml": nlu_yaml("pay: pay now | the bill"),
            "data/plain.yml": nlu_yaml("bye: see you"),
        }
    )
    subprocess.run(["dvc", "add", "-q", "data/big"], cwd=bot.path, check=True)
    said = dvcinc(bot.path, "classify", "--split").stdout
    assert "  scratch   data/big/a.yml, data/big/c.yml  (Git knows them by one" in said
    assert "git add -- data/plain.yml" in commands(said)
    bot.git("add", "--all")
    said = dvcinc(bot.path, "classify", "--staged", "--split").stdout
    assert commands(said)[0] == "git restore --staged -- data/big.dvc"
