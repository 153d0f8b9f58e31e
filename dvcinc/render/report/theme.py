"""The colours of a report, in light and dark; both pages and charts name them."""

from __future__ import annotations

from dvcinc.config import Mode

LIGHT = {
    "page": "#ffffff",
    "panel": "#f6f8fa",
    "text": "#1f2328",
    "muted": "#59636e",
    "line": "#d1d9e0",
    "grid": "#e6eaef",
    "link": "#0860c4",
    "scratch": "#bc4c00",
    "finetune": "#0860c4",
    "refresh": "#8250df",
    "saved": "#848d97",
}
DARK = {
    "page": "#0d1117",
    "panel": "#161b22",
    "text": "#e6edf3",
    "muted": "#9198a1",
    "line": "#3d444d",
    "grid": "#272d35",
    "link": "#58a6ff",
    "scratch": "#f0883e",
    "finetune": "#58a6ff",
    "refresh": "#be8fff",
    "saved": "#767d87",
}
"""Blue, orange and violet are told apart by people who see no red or green."""


def colour(name: str) -> str:
    """A colour, whichever theme is on."""
    return f"var(--{name})"


def of_mode(mode: Mode) -> str:
    """The name of a mode's colour; what trained nothing has a quiet one."""
    return "saved" if mode is Mode.NONE else mode.word


def variables() -> str:
    """The themes as CSS: the system's choice, unless the page's button says another."""
    light, dark = _declared(LIGHT, "light"), _declared(DARK, "dark")
    return (
        f":root {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f":root[data-theme=light] {{ {light} }}\n"
        f":root[data-theme=dark] {{ {dark} }}\n"
        f"@media print {{ :root, :root[data-theme] {{ {light} }} }}\n"
    )


def _declared(colours: dict[str, str], scheme: str) -> str:
    names = " ".join(f"--{name}: {value};" for name, value in colours.items())
    return f"color-scheme: {scheme}; {names}"
