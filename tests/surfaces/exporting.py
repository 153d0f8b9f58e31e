"""A project with two models, and `lineage export` as a process of its own."""

from __future__ import annotations

from recorded import GREET, ORDER, trained
from surfaces.run import dvcinc


def two_models(made):
    """A repository with two models of a line, of one base."""
    trained(made, "a", GREET)
    trained(made, "b", ORDER)
    return made


def export(made, form, *arguments, code=0, environment=None):
    done = dvcinc(
        made.path,
        *("lineage", "export", "--format", form, *arguments),
        environment=environment,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done
