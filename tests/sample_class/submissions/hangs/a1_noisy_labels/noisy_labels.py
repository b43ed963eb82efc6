"""My solution of assignment 1, one example at a time."""
import math

import numpy as np


def log_sig(z):
    # log of the sigmoid; two cases so that exp never overflows
    if z >= 0:
        return -math.log1p(math.exp(-z))
    return z - math.log1p(math.exp(z))


def log_sum(a, b):
    if a == -math.inf:
        return b
    if b == -math.inf:
        return a
    m = max(a, b)
    return m + math.log1p(math.exp(min(a, b) - m))


def logs(eps):
    right = math.log1p(-eps) if eps < 1 else -math.inf
    wrong = math.log(eps) if eps > 0 else -math.inf
    return right, wrong


def log_p(a, t, eps):
    right, wrong = logs(eps)
    return log_sum(right + log_sig(t * a), wrong + log_sig(-t * a))


def log_likelihood(logits, labels, eps):
    return math.fsum(log_p(float(a), int(t), eps) for a, t in zip(logits, labels))


def log_likelihood_grad(logits, labels, eps):
    out = np.zeros(len(logits))
    for i in range(len(logits)):
        a, t = float(logits[i]), int(labels[i])
        out[i] = t * (1 - 2 * eps) * math.exp(log_sig(a) + log_sig(-a) - log_p(a, t, eps))
    return out


def posterior(logits, labels, eps):
    right, wrong = logs(eps)
    out = np.zeros(len(logits))
    for i in range(len(logits)):
        a, t = float(logits[i]), int(labels[i])
        out[i] = math.exp((right if t == 1 else wrong) + log_sig(a) - log_p(a, t, eps))
    return out


def soft_cross_entropy(logits, labels, eps):
    total = 0.0
    for a, t in zip(logits, labels):
        s = float(t * a)
        total -= (1 - eps) * log_sig(s) + eps * log_sig(-s)
    return total


def soft_cross_entropy_grad(logits, labels, eps):
    out = []
    for a, t in zip(logits, labels):
        s = float(t * a)
        out.append(t * (eps * math.exp(log_sig(s)) - (1 - eps) * math.exp(log_sig(-s))))
    return np.array(out)


def jensen_gap(logits, labels, eps):
    right, wrong = logs(eps)
    out = np.zeros(len(logits))
    for i in range(len(logits)):
        s = float(labels[i] * logits[i])
        if s >= 0:
            out[i] = log_sum(right, wrong - s) + eps * s
        else:
            out[i] = log_sum(right + s, wrong) - (1 - eps) * s
    return out


def mlp_objective(params, x, labels, eps):
    W, b, v, c = params["W"], params["b"], params["v"], params["c"]
    logits, hidden = [], []
    for row in x:
        h = np.tanh(W @ row + b)
        hidden.append(h)
        logits.append(v @ h + c)
    g = log_likelihood_grad(logits, labels, eps)
    gW, gb, gv, gc = np.zeros_like(W), np.zeros_like(b), np.zeros_like(v), 0.0
    for gi, h, row in zip(g, hidden, x):
        d = gi * v * (1 - h * h)
        gW += np.outer(d, row)
        gb += d
        gv += gi * h
        gc += gi
    return log_likelihood(logits, labels, eps), {"W": gW, "b": gb, "v": gv, "c": gc}


def fit(x, labels, eps, hidden, steps, learning_rate, seed):
    rng = np.random.default_rng(seed)
    W = rng.uniform(-0.5, 0.5, (hidden, x.shape[1]))
    b = rng.uniform(-0.5, 0.5, hidden)
    v = rng.uniform(-0.5, 0.5, hidden)
    c = 0.0
    n = len(x)
    t = np.asarray(labels)
    for _ in range(steps):
        h = np.tanh(x @ W.T + b)
        s = 1 / (1 + np.exp(-t * (h @ v + c)))
        g = t * (1 - 2 * eps) * s * (1 - s) / ((1 - eps) * s + eps * (1 - s)) / n
        d = np.outer(g, v) * (1 - h * h)
        W = W + learning_rate * d.T @ x
        b = b + learning_rate * d.sum(0)
        v = v + learning_rate * h.T @ g
        c = c + learning_rate * g.sum()
    return {"W": W, "b": b, "v": v, "c": c}


def lower_bound_derivation():
    def line1(noise, soft, q, log):
        return log(sum(a * b for a, b in zip(noise, q)))

    def line2(noise, soft, q, log):
        # the softened label is the noise
        return log(sum(a * b for a, b in zip(soft, q)))

    def line3(noise, soft, q, log):
        # Jensen: log(E) >= E(log)
        return sum(a * log(b) for a, b in zip(soft, q))

    return [("start", line1), ("=", line2), (">=", line3)]
