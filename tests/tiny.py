"""The data that the models of these tests are made of, and how they are trained."""

from __future__ import annotations

from dvcinc.config import Train

TINY = r"""
    greet: hi | hello | hello there | good morning | hey Bob
    bye: bye | goodbye | see you | good night | bye bye Bob
    book: a train to [Rome](city) | book me to [New York](city) | go to [Oslo](city)
    faq/ask_wifi: is there wifi | wifi on board | can i use wifi
    faq/ask_bikes: may i take a bike | are bikes allowed
    regex code: [A-Z]{2}\d{3}
    lookup city: Rome | Oslo | New York
    synonym New York: NYC
"""

# Enough to learn it by heart.
QUICK = Train(epochs=20, batch_size=8)


def quiet(*, step: int, steps: int, loss: float) -> None:
    """Progress that nobody wants to see."""
