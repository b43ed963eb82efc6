import numpy as np


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def outer(f, a, b):
    return f(np.asarray(a)[:, None], np.asarray(b)[None, :])


def average_precision(d_pos, d_neg):
    n = outer(np.greater, d_pos, d_neg).sum(1)
    k = outer(np.greater_equal, d_pos, np.r_[d_pos, d_neg]).sum(1)
    return 1 - (n / k).mean()


def flat_radius(d_pos, d_neg):
    # neighbours in sorted order are enough, where at least one of the two is positive
    d = np.r_[d_pos, d_neg]
    is_pos = np.arange(len(d)) < len(d_pos)
    if len(d) == 1:
        return np.inf
    gaps = np.abs(np.subtract.outer(np.asarray(d_pos), d))
    gaps[np.arange(len(d_pos)), np.arange(len(d_pos))] = np.inf
    return gaps.min() / 2


def pair_loss(d_pos, d_neg):
    return outer(np.greater, d_pos, d_neg).sum()


def triplet_loss(d_pos, d_neg, margin):
    return np.clip(outer(np.subtract, d_pos, d_neg) + margin, 0, None).sum()


def triplet_loss_grad(d_pos, d_neg, margin):
    on = (outer(np.subtract, d_pos, d_neg) + margin > 0) * 1.0
    return on.sum(1), -on.sum(0)


def expected_indicator(d_n, d_p, tau):
    return sigmoid((d_p - np.asarray(d_n)) / tau)


def _tables(d_pos, d_neg, tau):
    n = sigmoid(outer(np.subtract, d_pos, d_neg) / tau)
    p = sigmoid(outer(np.subtract, d_pos, d_pos) / tau)
    np.fill_diagonal(p, 1)
    return n, p, n.sum(1), n.sum(1) + p.sum(1)


def smooth_ap(d_pos, d_neg, tau):
    cube = np.zeros((len(d_pos), len(d_neg) + 1, 20000 * len(d_pos)))
    _, _, n, k = _tables(d_pos, d_neg, tau)
    return 1 - (n / k).mean()


def smooth_ap_grad(d_pos, d_neg, tau):
    sn, sp, n, k = _tables(d_pos, d_neg, tau)
    dn = sn * (1 - sn) * ((k - n) / k**2)[:, None]
    dp = sp * (1 - sp) * (n / k**2)[:, None]
    scale = len(d_pos) * tau
    return (-dn.sum(1) + dp.sum(1) - dp.sum(0)) / scale, dn.sum(0) / scale


def _unit(v):
    d = np.linalg.norm(v, axis=-1)
    return d, np.divide(v, d[:, None], out=np.zeros_like(v), where=d[:, None] > 0)


def smooth_ap_embedding_grad(anchor, positives, negatives, tau):
    (dp, up), (dn, un) = _unit(positives - anchor), _unit(negatives - anchor)
    gp, gn = smooth_ap_grad(dp, dn, tau)
    gp, gn = gp[:, None] * up, gn[:, None] * un
    return -(gp.sum(0) + gn.sum(0)), gp, gn


def _anchors(labels):
    same = np.equal.outer(labels, labels) & ~np.eye(len(labels), dtype=bool)
    rows = np.flatnonzero(same.any(1))
    if rows.size == 0:
        raise ValueError("no anchor")
    return same, ~np.equal.outer(labels, labels), rows


def smooth_map(embeddings, labels, tau):
    pos, neg, rows = _anchors(labels)
    d = np.linalg.norm(embeddings[:, None] - embeddings[None], axis=-1)
    return np.mean([smooth_ap(d[i, pos[i]], d[i, neg[i]], tau) for i in rows])


def smooth_map_grad(embeddings, labels, tau):
    pos, neg, rows = _anchors(labels)
    g = np.zeros_like(embeddings)
    for i in rows:
        ga, gp, gn = smooth_ap_embedding_grad(embeddings[i], embeddings[pos[i]], embeddings[neg[i]], tau)
        g[i] += ga
        g[pos[i]] += gp
        g[neg[i]] += gn
    return g / len(rows)


def surrogate_derivation():
    u = lambda p, n: outer(np.subtract, p, n)
    return [
        ("start", lambda p, n, m, hinge: u(p, n) > 0),
        ("<=", lambda p, n, m, hinge: (u(p, n) > 0) * hinge(u(p, n) + m) / m),
        ("<=", lambda p, n, m, hinge: hinge(u(p, n) + m) / m),
    ]


def expectation_derivation():
    return [
        ("start", lambda n, p, tau, z, w, cdf: w @ (n - p + z < 0)),
        ("=", lambda n, p, tau, z, w, cdf: cdf(p - n)),
        ("=", lambda n, p, tau, z, w, cdf: sigmoid((p - n) / tau)),
        ("=", lambda n, p, tau, z, w, cdf: 1 / (1 + np.exp((n - p) / tau))),
    ]
