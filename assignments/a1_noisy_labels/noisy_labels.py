"""Assignment 1: maximum likelihood with noisy labels.

The classes are k in {-1, +1}, with q(k | x) = sigma(k a): a is the logit of x and sigma(z) = 1 / (1 + exp(-z)). The
noisy label t agrees with the true class with probability 1 - eps: p(t | k) = 1 - eps if t = k, else eps.

All sums are sums over the examples, never means.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int_]
Params = Mapping[str, Any]
Step = Callable[..., float]


def log_likelihood(logits: Floats, labels: Integers, eps: float) -> float:
    """The conditional log-likelihood of the noisy labels, sum_i log sum_k p(t_i | k) q(k | x_i).

    Args:
        logits: (n,) logits a_i, up to 10,000 in size.
        labels: (n,) noisy labels t_i, each -1 or +1.
        eps: the noise, from 0 to 1, both included.

    Returns:
        A number, at most 0. It must be finite and right on the whole range.

    Source: seminar sheet, Assignment 1a.
    """
    raise NotImplementedError("write log_likelihood here")


def log_likelihood_grad(logits: Floats, labels: Integers, eps: float) -> Floats:
    """The gradient of `log_likelihood` with respect to the logits.

    Args:
        logits: (n,) logits, up to 10,000 in size.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to 1, both included.

    Returns:
        (n,) the derivative by each logit.

    Source: seminar sheet, Assignment 1a.
    """
    raise NotImplementedError("write log_likelihood_grad here")


def posterior(logits: Floats, labels: Integers, eps: float) -> Floats:
    """The posterior probability of the true class, p(k_i = +1 | t_i, x_i), given the noisy label.

    Args:
        logits: (n,) logits, up to 10,000 in size.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to 1, both included.

    Returns:
        (n,) probabilities.

    Source: Bayes' rule with the model of seminar sheet, Assignment 1.
    """
    raise NotImplementedError("write posterior here")


def soft_cross_entropy(logits: Floats, labels: Integers, eps: float) -> float:
    """The cross-entropy with softened labels, equation (1): -sum_i sum_k p_i(k) log q(k | x_i).

    The softened label is p_i(k) = 1 - eps for k = t_i and eps otherwise.

    Args:
        logits: (n,) logits, up to 10,000 in size.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to 1, both included; 0 times a huge logit is 0.

    Returns:
        A number, at least 0: the loss to be minimized.

    Source: seminar sheet, Assignment 1b, equation (1).
    """
    raise NotImplementedError("write soft_cross_entropy here")


def soft_cross_entropy_grad(logits: Floats, labels: Integers, eps: float) -> Floats:
    """The gradient of `soft_cross_entropy` with respect to the logits.

    Args:
        logits: (n,) logits, up to 10,000 in size.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to 1, both included.

    Returns:
        (n,) the derivative by each logit.

    Source: seminar sheet, Assignment 1b, equation (1).
    """
    raise NotImplementedError("write soft_cross_entropy_grad here")


def jensen_gap(logits: Floats, labels: Integers, eps: float) -> Floats:
    """How much the bound of Assignment 1b loses: log p(t_i | x_i) minus the i-th term of the negative of (1).

    Args:
        logits: (n,) logits, up to 10,000 in size.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to 1, both included.

    Returns:
        (n,) numbers, not below 0 by more than rounding (1e-12).

    Source: seminar sheet, Assignment 1b.
    """
    raise NotImplementedError("write jensen_gap here")


def mlp_objective(params: Params, x: Floats, labels: Integers, eps: float) -> tuple[float, dict[str, Any]]:
    """The log-likelihood of a network with one hidden layer, and its gradient by every parameter.

    The logit of x is a(x) = v . tanh(W x + b) + c.

    Args:
        params: a dict with `W` (h, d), `b` (h,), `v` (h,) and `c`, a number.
        x: (n, d) one example in each row.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to 1.

    Returns:
        (value, grads): the log-likelihood (a sum), and a dict with the keys and shapes of `params`.

    Source: seminar sheet, Assignment 1a.
    """
    raise NotImplementedError("write mlp_objective here")


def fit(
    x: Floats, labels: Integers, eps: float, hidden: int, steps: int, learning_rate: float, seed: int
) -> dict[str, Any]:
    """Train the network of `mlp_objective` by gradient ascent on the mean log-likelihood.

    Each step adds learning_rate times the gradient of the mean (not the sum) over the examples. The start is random,
    and yours to choose; the same seed must give the same parameters.

    Args:
        x: (n, d) one example in each row.
        labels: (n,) noisy labels, each -1 or +1.
        eps: the noise, from 0 to below 1/2.
        hidden: h, the number of hidden units.
        steps: the number of steps.
        learning_rate: the length of a step, above 0.
        seed: of the random start.

    Returns:
        params, as `mlp_objective` takes them. They are judged by what they reach: the likelihood of the noisy labels,
        and the accuracy on the clean ones.

    Source: seminar sheet, Assignment 1a.
    """
    raise NotImplementedError("write fit here")


def lower_bound_derivation() -> list[tuple[str, Step]]:
    """The proof of Assignment 1b, line by line: the negative of (1) is a lower bound of the log-likelihood.

    Return a list of pairs (relation, step). The first relation is "start"; each later one is "=", "<=" or ">=" and
    stands between the line before and this one. It may lead from either side of the claim to the other.
    A step returns its line, for one example, as one number. It is a function of (noise, soft, q, log), the ingredients
    of

        log(sum_k noise[k] q[k]) >= sum_k soft[k] log(q[k]):

    noise (K,) is p(t | k) and soft (K,) the softened label p_i(k) of each of K >= 2 classes, q (K,) is q(k | x), all
    above 0, and log is the logarithm, as a function. The claim holds because the soft labels are the noise model, and
    by Jensen's inequality: soft sums to 1, and log is the logarithm, which is concave.
    Every line is a formula in these, whatever they are; the first and the last are the two sides. Each of the two must
    be used by some link, and no link may use both at once.

    Source: seminar sheet, Assignment 1b.
    """
    raise NotImplementedError("write lower_bound_derivation here")
