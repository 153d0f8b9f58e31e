"""The loss of the tags: a linear-chain conditional random field, in TensorFlow.

Lafferty et al. (2001). The partition function and its gradient (the marginals)
come from one forward-backward recursion of matrix products of exponentials, which is
several times faster than to differentiate through a loop of log-sum-exp.

Shapes: B texts, L tokens, K tags.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dvcinc.model.backend import tf

Tensor = Any

TINY = 1e-30


class Field(NamedTuple):
    """Scores of transitions [K, K], of the first and the last tag [K]."""

    transitions: Tensor
    first: Tensor
    last: Tensor


def loss(scores: Tensor, tags: Tensor, lengths: Tensor, field: Field) -> Tensor:
    """Negative log likelihood of each text's tags [B].

    Args:
        scores: Tag scores [B, L, K].
        tags: The right tags [B, L]; anything behind a text's end.
        lengths: Tokens of each text [B], at least one.
        field: What a path scores beside its tags.
    """
    length, kinds = tf.shape(scores)[1], tf.shape(scores)[2]
    inside = tf.sequence_mask(lengths, length, dtype=tf.float32)
    first = tf.one_hot([0], length)
    last = tf.one_hot(lengths - 1, length)
    ends = first[..., None] * field.first + last[..., None] * field.last
    scores = scores + ends
    right = tf.one_hot(tags, kinds) * inside[..., None]
    path = tf.reduce_sum(scores * right, axis=[1, 2])
    steps = tf.gather_nd(
        field.transitions, tf.stack([tags[:, :-1], tags[:, 1:]], axis=-1)
    )
    path += tf.reduce_sum(steps * inside[:, 1:], axis=1)
    return log_partition(scores, field.transitions, inside) - path


@tf.custom_gradient  # type: ignore[untyped-decorator]
def log_partition(scores: Tensor, transitions: Tensor, inside: Tensor) -> Any:  # noqa: ANN401
    """Logarithm of the sum over all paths [B], and how to differentiate it."""
    peak = tf.reduce_max(transitions)
    tops = tf.reduce_max(scores, axis=2, keepdims=True)
    moves = tf.exp(transitions - peak)
    # Time goes first, so that the loop takes whole slices.
    masses = tf.transpose(tf.exp(scores - tops), [1, 0, 2])
    going = tf.transpose(inside)[..., None]
    ahead, sums = _ahead(masses, moves, going)
    lengths = tf.reduce_sum(inside, axis=1)
    total = tf.reduce_sum(tf.math.log(sums[..., 0]), axis=0)
    total += tf.reduce_sum(tops[..., 0] * inside, axis=1) + peak * (lengths - 1)

    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor, None]:
        behind = _behind(masses, moves, going, sums)
        chances = tf.transpose(ahead * behind * going, [1, 0, 2])
        weighted = masses[1:] * behind[1:] / sums[1:] * going[1:] * upstream[:, None]
        kinds = tf.shape(moves)[0]
        before = tf.reshape(ahead[:-1], [-1, kinds])
        after = tf.reshape(weighted, [-1, kinds])
        pairs = moves * tf.matmul(before, after, transpose_a=True)
        return chances * upstream[:, None, None], pairs, None

    return total, gradient


def _ahead(masses: Tensor, moves: Tensor, going: Tensor) -> tuple[Tensor, Tensor]:
    """Forward shares [L, B, K] and what each step was divided by [L, B, 1]."""
    length = tf.shape(masses)[0]
    start = tf.reduce_sum(masses[0], axis=1, keepdims=True)
    shares = tf.TensorArray(tf.float32, length).write(0, masses[0] / start)
    sums = tf.TensorArray(tf.float32, length).write(0, start)

    def step(at: Tensor, now: Tensor, shares: Any, sums: Any) -> tuple[Any, ...]:  # noqa: ANN401
        moved = tf.matmul(now, moves) * masses[at]
        total = tf.reduce_sum(moved, axis=1, keepdims=True) + TINY
        total = total * going[at] + (1 - going[at])
        now = (moved / total) * going[at] + now * (1 - going[at])
        return at + 1, now, shares.write(at, now), sums.write(at, total)

    _, _, shares, sums = tf.while_loop(
        lambda at, *_: at < length, step, (1, masses[0] / start, shares, sums)
    )
    return shares.stack(), sums.stack()


def _behind(masses: Tensor, moves: Tensor, going: Tensor, sums: Tensor) -> Tensor:
    """Backward shares [L, B, K], scaled so that forward times backward sums to one."""
    length = tf.shape(masses)[0]
    end = tf.ones_like(masses[0])
    shares = tf.TensorArray(tf.float32, length).write(length - 1, end)

    def step(at: Tensor, now: Tensor, shares: Any) -> tuple[Any, ...]:  # noqa: ANN401
        moved = tf.matmul(now * masses[at], moves, transpose_b=True) / sums[at]
        now = moved * going[at] + now * (1 - going[at])
        return at - 1, now, shares.write(at - 1, now)

    _, _, shares = tf.while_loop(lambda at, *_: at > 0, step, (length - 1, end, shares))
    return shares.stack()
