"""dvcinc: a Git-integrated DVC plugin for incremental training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dvcinc.model.runtime import Runtime

__all__ = ["__version__", "load"]

__version__ = "0.1.0"

# What the extra `predict` brings.
_PREDICT_EXTRA = frozenset({"numpy", "safetensors"})


def load(path: str | Path) -> Runtime:
    """The model in a folder, such as `models/nlu`, ready to `parse` texts.

    Raises:
        DvcincError: There is no model, it cannot be read, or a package that it needs
            is not installed.
    """
    # NumPy belongs to the model's side; everything else starts without.
    from dvcinc.errors import InputError  # noqa: PLC0415
    from dvcinc.release import getting  # noqa: PLC0415

    try:
        from dvcinc.model.checkpoint import load as read  # noqa: PLC0415
        from dvcinc.model.runtime import Runtime  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PREDICT_EXTRA:
            raise
        raise InputError(
            f"{error.name} is not installed, which models need",
            getting("predict"),
        ) from error
    return Runtime(read(Path(path)))
