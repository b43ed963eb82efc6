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
Function = Callable[..., Any]


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
    # In logarithms throughout: sigma(-10,000) underflows to 0, and log 0 is not -10,000.
    return float(np.sum(_log_marginals(logits, labels, eps)))


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
    margins = _margins(logits, labels)
    # With s = t a: d/ds log((1 - eps) sigma(s) + eps sigma(-s)) = (1 - 2 eps) sigma(s) sigma(-s) / p. The quotient is
    # one of numbers that may both underflow; as a difference of logarithms it is exact.
    log_slope = _log_sigmoid(margins) + _log_sigmoid(-margins) - _log_marginals(logits, labels, eps)
    gradient: Floats = np.asarray(labels * (1.0 - 2.0 * eps) * np.exp(log_slope))
    return gradient


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
    # Numerator and denominator of Bayes' rule may both underflow; the difference of their logarithms does not.
    log_right, log_wrong = _log_noise(eps)
    log_noise = np.where(np.asarray(labels) == 1, log_right, log_wrong)
    log_joint = log_noise + _log_sigmoid(np.asarray(logits, dtype=np.float64))
    probabilities: Floats = np.exp(log_joint - _log_marginals(logits, labels, eps))
    return probabilities


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
    margins = _margins(logits, labels)
    # Each log sigma is finite, so that a softened label of 0 takes it away; the log of an underflown sigma would leave
    # 0 times -inf, which is nan.
    return -float(np.sum((1.0 - eps) * _log_sigmoid(margins) + eps * _log_sigmoid(-margins)))


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
    margins = _margins(logits, labels)
    # Since d/ds log sigma(s) = sigma(-s); both sigmas are computed for themselves, since 1 - sigma(s) loses its digits.
    gradient: Floats = labels * (eps * _sigmoid(margins) - (1.0 - eps) * _sigmoid(-margins))
    return gradient


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
    margins = _margins(logits, labels)
    # log((1 - eps) sigma(s) + eps sigma(-s)) - (1 - eps) log sigma(s) - eps log sigma(-s), divided through by the
    # larger of the two sigmas: their quotient is exp(-|s|). What is left has no huge terms that cancel.
    log_right, log_wrong = _log_noise(eps)
    agrees = margins >= 0.0
    log_of_larger = np.where(agrees, log_right, log_wrong)
    log_of_smaller = np.where(agrees, log_wrong, log_right)
    weight_of_smaller = np.where(agrees, eps, 1.0 - eps)
    gap: Floats = np.logaddexp(log_of_larger, log_of_smaller - np.abs(margins)) + weight_of_smaller * np.abs(margins)
    return gap


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
    hidden = np.tanh(x @ params["W"].T + params["b"])
    logits = hidden @ params["v"] + params["c"]
    by_logit = log_likelihood_grad(logits, labels, eps)
    # Back through the hidden layer: tanh' = 1 - tanh^2.
    by_hidden = by_logit[:, None] * params["v"] * (1.0 - hidden**2)
    grads = {
        "W": by_hidden.T @ x,
        "b": by_hidden.sum(axis=0),
        "v": hidden.T @ by_logit,
        "c": float(by_logit.sum()),
    }
    return log_likelihood(logits, labels, eps), grads


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
    rng = np.random.default_rng(seed)
    n, d = x.shape
    # Scaled so that a hidden unit's input and the logit have about unit variance, whatever d and h are.
    params: dict[str, Any] = {
        "W": rng.normal(0.0, 1.0 / np.sqrt(d), (hidden, d)),
        "b": np.zeros(hidden),
        "v": rng.normal(0.0, 1.0 / np.sqrt(hidden), hidden),
        "c": 0.0,
    }
    for _ in range(steps):
        # All parameters move at once, along a gradient taken before any of them has moved.
        _, grads = mlp_objective(params, x, labels, eps)
        params = {key: value + learning_rate * grads[key] / n for key, value in params.items()}
    return params


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

    def log_marginal(noise: Floats, soft: Floats, q: Floats, log: Function) -> float:
        return float(log(np.sum(noise * q)))

    def with_soft_labels(noise: Floats, soft: Floats, q: Floats, log: Function) -> float:
        # p(t | k), seen as a function of k, is the softened label p_i(k).
        return float(log(np.sum(soft * q)))

    def jensen(noise: Floats, soft: Floats, q: Floats, log: Function) -> float:
        # The labels sum to 1, so this is log E[q] >= E[log q].
        return float(np.sum(soft * log(q)))

    return [("start", log_marginal), ("=", with_soft_labels), (">=", jensen)]


def _margins(logits: Floats, labels: Integers) -> Floats:
    """(n,) t_i a_i: above 0 where the network agrees with the noisy label."""
    return np.asarray(labels * np.asarray(logits, dtype=np.float64), dtype=np.float64)


def _log_sigmoid(z: Floats) -> Floats:
    """log sigma(z) = -log(1 + exp(-z)) without overflow: logaddexp takes the larger exponent out of the logarithm."""
    return np.asarray(-np.logaddexp(0.0, -z))


def _sigmoid(z: Floats) -> Floats:
    """sigma(z) without overflow, and with full relative precision also where it is tiny."""
    return np.asarray(np.exp(_log_sigmoid(z)))


def _log_noise(eps: float) -> tuple[float, float]:
    """log(1 - eps) and log(eps); the logarithm of 0 is -inf, and means impossible."""
    right = float(np.log1p(-eps)) if eps < 1.0 else -np.inf
    wrong = float(np.log(eps)) if eps > 0.0 else -np.inf
    return right, wrong


def _log_marginals(logits: Floats, labels: Integers, eps: float) -> Floats:
    """(n,) log p(t_i | x_i): the sum over the two classes, done with logarithms, of which one may be -inf."""
    margins = _margins(logits, labels)
    log_right, log_wrong = _log_noise(eps)
    return np.asarray(np.logaddexp(log_right + _log_sigmoid(margins), log_wrong + _log_sigmoid(-margins)))
