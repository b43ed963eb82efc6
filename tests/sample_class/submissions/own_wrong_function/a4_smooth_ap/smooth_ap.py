"""Assignment 4, one positive at a time."""
import math

import numpy as np


def average_precision(d_pos, d_neg):
    total = 0.0
    for p in d_pos:
        k = np.sum(d_pos <= p) + np.sum(d_neg <= p)
        total += np.sum(d_neg < p) / k
    return 1 - total / len(d_pos)


def flat_radius(d_pos, d_neg):
    best = math.inf
    for i, p in enumerate(d_pos):
        for j, x in enumerate(d_pos):
            if i != j:
                best = min(best, abs(p - x))
        for x in d_neg:
            best = min(best, abs(p - x))
    return best / 2


def pair_loss(d_pos, d_neg):
    return sum(int(np.sum(d_neg < p)) for p in d_pos)


def triplet_loss(d_pos, d_neg, margin):
    total = 0.0
    for p in d_pos:
        for n in d_neg:
            total += max(0.0, p - n + margin)
    return total


def triplet_loss_grad(d_pos, d_neg, margin):
    g_pos, g_neg = np.zeros(len(d_pos)), np.zeros(len(d_neg))
    for i, p in enumerate(d_pos):
        for j, n in enumerate(d_neg):
            if p - n + margin > 0:
                g_pos[i] += 1
                g_neg[j] -= 1
    return g_pos, g_neg


def sig(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def expected_indicator(d_n, d_p, tau):
    return sig((np.asarray(d_p) - np.asarray(d_n)) / tau)


def smooth_ap(d_pos, d_neg, tau):
    total = 0.0
    for i, p in enumerate(d_pos):
        n = 2 * np.sum(sig((p - d_neg) / tau))
        others = np.delete(d_pos, i)
        k = 1 + n + np.sum(sig((p - others) / tau))
        total += n / k
    return float(1 - total / len(d_pos))


def smooth_ap_grad(d_pos, d_neg, tau):
    T = len(d_pos)
    g_pos, g_neg = np.zeros(T), np.zeros(len(d_neg))
    for i, p in enumerate(d_pos):
        s_n = 2 * sig((p - d_neg) / tau)
        s_p = sig((p - d_pos) / tau)
        s_p[i] = 1.0
        n, k = s_n.sum(), s_n.sum() + s_p.sum()
        ds_n = s_n * sig((d_neg - p) / tau) / tau
        ds_p = s_p * sig((d_pos - p) / tau) / tau
        ds_p[i] = 0.0
        a = s_p.sum() / k**2
        b = n / k**2
        g_pos[i] -= (a * ds_n.sum() - b * ds_p.sum()) / T
        g_neg += a * ds_n / T
        g_pos -= b * ds_p / T
    return g_pos, g_neg


def distances(anchor, rows):
    diff = rows - anchor
    d = np.array([math.sqrt(float(r @ r)) for r in diff])
    unit = np.array([r / l if l > 0 else 0 * r for r, l in zip(diff, d)]).reshape(rows.shape)
    return d, unit


def smooth_ap_embedding_grad(anchor, positives, negatives, tau):
    d_pos, u_pos = distances(anchor, positives)
    d_neg, u_neg = distances(anchor, negatives)
    g_pos, g_neg = smooth_ap_grad(d_pos, d_neg, tau)
    gp, gn = g_pos[:, None] * u_pos, g_neg[:, None] * u_neg
    return -gp.sum(0) - gn.sum(0), gp, gn


def split(labels, i):
    pos = [j for j in range(len(labels)) if j != i and labels[j] == labels[i]]
    neg = [j for j in range(len(labels)) if labels[j] != labels[i]]
    return pos, neg


def smooth_map(embeddings, labels, tau):
    values = []
    for i in range(len(labels)):
        pos, neg = split(labels, i)
        if pos:
            d, _ = distances(embeddings[i], embeddings)
            values.append(smooth_ap(d[pos], d[neg], tau))
    if not values:
        raise ValueError("no row has a partner")
    return sum(values) / len(values)


def smooth_map_grad(embeddings, labels, tau):
    g, count = np.zeros(embeddings.shape), 0
    for i in range(len(labels)):
        pos, neg = split(labels, i)
        if not pos:
            continue
        count += 1
        ga, gp, gn = smooth_ap_embedding_grad(embeddings[i], embeddings[pos], embeddings[neg], tau)
        g[i] += ga
        for row, j in zip(gp, pos):
            g[j] += row
        for row, j in zip(gn, neg):
            g[j] += row
    if count == 0:
        raise ValueError("no row has a partner")
    return g / count


def surrogate_derivation():
    def line1(d_pos, d_neg, m, hinge):
        return [[1.0 if n < p else 0.0 for n in d_neg] for p in d_pos]

    def line2(d_pos, d_neg, m, hinge):
        # a pair in the wrong order has a hinge of at least m
        return [[hinge(p - n + m) / m if n < p else 0.0 for n in d_neg] for p in d_pos]

    def line3(d_pos, d_neg, m, hinge):
        # the other pairs add something that is not negative
        return [[hinge(p - n + m) / m for n in d_neg] for p in d_pos]

    return [("start", line1), ("<=", line2), ("<=", line3)]


def expectation_derivation():
    def line1(d_n, d_p, tau, z, w, cdf):
        return sum(b for a, b in zip(z, w) if d_n - d_p + a < 0)

    def line2(d_n, d_p, tau, z, w, cdf):
        return cdf(d_p - d_n)

    def line3(d_n, d_p, tau, z, w, cdf):
        return math.exp(-(d_n - d_p) / tau) / (1 + math.exp(-(d_n - d_p) / tau))

    def line4(d_n, d_p, tau, z, w, cdf):
        return 1 / (1 + math.exp((d_n - d_p) / tau))

    return [("start", line1), ("=", line2), ("=", line3), ("=", line4)]
