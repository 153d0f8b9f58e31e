"""`python -m dvcinc` and the console script."""

from __future__ import annotations

from dvcinc.surfaces.door import guarded


def main() -> None:
    """Runs the command line."""
    # Imported behind the door, so that an interrupt while importing is told politely.
    from dvcinc.surfaces.cli import run  # noqa: PLC0415

    guarded(run)


if __name__ == "__main__":
    main()
