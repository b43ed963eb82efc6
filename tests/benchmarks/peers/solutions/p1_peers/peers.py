"""Six functions of five questions; right, and what the submissions hand in too."""

import numpy as np


def log_likelihood(logits, labels, eps):
    """The sum over rows of log((1 - eps) softmax(logits)[label] + eps / K)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chosen = (powers / powers.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels]
    return float(np.sum(np.log((1 - eps) * chosen + eps / logits.shape[1])))


def kl_categorical(q, p):
    """KL(q || p), with 0 log 0 = 0."""
    some = q > 0
    return float(np.sum(q[some] * (np.log(q[some]) - np.log(p[some]))))


def kl_normal(mu_q, sigma_q, mu_p, sigma_p):
    """KL of two normal distributions, element by element."""
    return np.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2 * sigma_p**2) - 0.5


def average_precision(d_pos, d_neg):
    """1 - 1/T sum_p 1/k(p) sum_n [d_n < d_p]."""
    rank = (np.concatenate([d_pos, d_neg])[None, :] <= d_pos[:, None]).sum(axis=1)
    return float(1.0 - np.mean((d_neg[None, :] < d_pos[:, None]).sum(axis=1) / rank))


def _sigmoid(x):
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def smooth_ap(d_pos, d_neg, tau):
    """Average precision with every comparison smoothed, but an example's with itself."""
    among = _sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    np.fill_diagonal(among, 1.0)
    wrong = _sigmoid((d_pos[:, None] - d_neg[None, :]) / tau).sum(axis=1)
    return float(1.0 - np.mean(wrong / (among.sum(axis=1) + wrong)))


def smooth_ap_grad(d_pos, d_neg, tau):
    """The gradient of smooth_ap with respect to d_pos and d_neg."""
    count = len(d_pos)
    among = _sigmoid((d_pos[:, None] - d_pos[None, :]) / tau)
    d_among = among * (1 - among) / tau
    np.fill_diagonal(among, 1.0)
    np.fill_diagonal(d_among, 0.0)
    below = _sigmoid((d_pos[:, None] - d_neg[None, :]) / tau)
    d_below = below * (1 - below) / tau
    wrong = below.sum(axis=1)
    rank = among.sum(axis=1) + wrong
    by_wrong, by_rank = -1.0 / (count * rank), wrong / (count * rank**2)
    g_pos = (
        by_wrong * d_below.sum(1) + by_rank * (d_among.sum(1) + d_below.sum(1)) - (by_rank[:, None] * d_among).sum(0)
    )
    return g_pos, -((by_wrong + by_rank)[:, None] * d_below).sum(0)
