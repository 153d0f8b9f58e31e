"""What a training cost, as a metric that Git keeps beside the model.

Nothing below `models/` varies between runs; times and the environment stand here.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version

from dvcinc import __version__
from dvcinc.lineage.unlearned import Unlearned, read_unlearned
from dvcinc.plan.json import Reader, load
from dvcinc.yaml import Json

SCHEMA = "dvcinc/report/1"
_BLAS = ("internal_api", "version", "architecture")
_TENSORFLOW = ("tensorflow", "tensorflow-cpu", "tensorflow-macos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What a model was made with; platform without the host's name.

    NumPy trains and serves, TensorFlow trains a transformer; empty where not installed.
    The kernels are what adds up: others round the last bits of a model otherwise.
    """

    dvcinc: str
    numpy: str
    tensorflow: str
    python: str
    platform: str
    kernels: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run of a training stage.

    Attributes:
        ran: `trained`, `finetuned` or `passed on`; `restored` where a model was found
            again and the report of its training was not.
        seconds: Wall time of the training.
        steps: Steps taken.
        epochs: Passes over the data.
        unlearned: What was to be learned and is still wrong.
        environment: What it ran with.
    """

    ran: str
    seconds: float
    steps: int
    epochs: int
    unlearned: Unlearned
    environment: Environment

    def to_json(self) -> dict[str, Json]:
        """The document."""
        return {
            "schema": SCHEMA,
            "ran": self.ran,
            "seconds": round(self.seconds, 3),
            "steps": self.steps,
            "epochs": self.epochs,
            **self.unlearned.to_json(),
            # Within a list, since DVC makes a column of all that is not.
            "environment": [asdict(self.environment)],
        }


@dataclass(slots=True)
class Clock:
    """Measures wall time."""

    seconds: float = field(default=0.0, init=False)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Adds the time that the block takes."""
        start = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - start


def environment() -> Environment:
    """What runs here."""
    return Environment(
        dvcinc=__version__,
        numpy=_installed("numpy"),
        tensorflow=_installed(*_TENSORFLOW),
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        kernels=_kernels(),
    )


def _kernels() -> str:
    """Which code NumPy's arithmetic runs on this processor; empty where nobody tells.

    Its own loops go by the processor's features, its matrix products by OpenBLAS's
    name for the processor.
    """
    try:
        # What passes a model on has loaded it, what trains nothing need not.
        import numpy as np  # noqa: PLC0415
        from threadpoolctl import threadpool_info  # noqa: PLC0415
    except ImportError:
        return ""
    said = np.show_config(mode="dicts") or {}
    loops = said.get("SIMD Extensions", {}).get("found", [])
    blas = [
        " ".join(str(one[key]) for key in _BLAS if one.get(key))
        for one in threadpool_info()
        if one.get("user_api") == "blas" and "numpy" in str(one.get("filepath"))
    ]
    return ", ".join([*blas[:1], *map(str, loops)])


def _installed(*names: str) -> str:
    """The version of a package, whatever its wheel is called; else empty."""
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return ""


def read_report(data: bytes, name: str) -> Report:
    """Reads a report.

    Raises:
        InputError: It cannot be understood.
    """
    reader = Reader(load(data, name, SCHEMA), name)
    around = reader.only("environment")
    return Report(
        ran=reader.text("ran"),
        seconds=reader.number("seconds"),
        steps=reader.integer("steps"),
        epochs=reader.integer("epochs"),
        unlearned=read_unlearned(reader, name),
        environment=Environment(
            dvcinc=around.text("dvcinc"),
            numpy=around.optional_text("numpy") or "",
            tensorflow=around.text("tensorflow"),
            python=around.text("python"),
            platform=around.text("platform"),
            kernels=around.optional_text("kernels") or "",
        ),
    )
