import numpy as np
from functools import partial


def logsig(z):
    return np.log(1 / (1 + np.exp(-z)))


def _parts(logits, labels, eps):
    """log of the two summands"""
    s = np.asarray(labels) * np.asarray(logits, float)
    with np.errstate(divide="ignore"):
        r, w = np.log1p(-np.float64(eps)), np.log(np.float64(eps))
    return s, r + logsig(s), w + logsig(-s)


def log_likelihood(logits, labels, eps):
    _, r, w = _parts(logits, labels, eps)
    return np.logaddexp(r, w).sum()


def log_likelihood_grad(logits, labels, eps):
    s, r, w = _parts(logits, labels, eps)
    return labels * (1 - 2 * eps) * np.exp(logsig(s) + logsig(-s) - np.logaddexp(r, w))


def posterior(logits, labels, eps):
    _, r, w = _parts(logits, labels, eps)
    return np.exp(np.where(np.asarray(labels) > 0, r, w) - np.logaddexp(r, w))


def soft_cross_entropy(logits, labels, eps):
    s = labels * logits
    return -((1 - eps) * logsig(s) + eps * logsig(-s)).sum()


def soft_cross_entropy_grad(logits, labels, eps):
    s = labels * logits
    return labels * (eps * np.exp(logsig(s)) - (1 - eps) * np.exp(logsig(-s)))


def jensen_gap(logits, labels, eps):
    s = labels * logits
    with np.errstate(divide="ignore"):
        r, w = np.log1p(-np.float64(eps)), np.log(np.float64(eps))
    up = np.logaddexp(r, w - np.abs(s)) + eps * np.abs(s)
    down = np.logaddexp(w, r - np.abs(s)) + (1 - eps) * np.abs(s)
    return np.where(s >= 0, up, down)


def mlp_objective(params, x, labels, eps):
    h = np.tanh(np.einsum("nd,hd->nh", x, params["W"]) + params["b"])
    a = h @ params["v"] + params["c"]
    g = log_likelihood_grad(a, labels, eps)
    d = np.einsum("n,h,nh->nh", g, params["v"], 1 - h**2)
    grads = dict(W=np.einsum("nh,nd->hd", d, x), b=d.sum(0), v=g @ h, c=g.sum())
    return log_likelihood(a, labels, eps), grads


def fit(x, labels, eps, hidden, steps, learning_rate, seed):
    rng = np.random.RandomState(seed)
    p = dict(W=rng.randn(hidden, x.shape[1]) * 0.1, b=np.zeros(hidden), v=rng.randn(hidden) * 0.1, c=0.0)
    for _ in range(steps):
        _, g = mlp_objective(p, x, labels, eps)
        p = {k: p[k] + learning_rate / len(x) * g[k] for k in p}
    return p


def lower_bound_derivation():
    return [
        ("start", lambda noise, soft, q, log: log(noise @ q)),
        ("=", lambda noise, soft, q, log: log(soft @ q)),
        (">=", lambda noise, soft, q, log: soft @ log(q)),
    ]
