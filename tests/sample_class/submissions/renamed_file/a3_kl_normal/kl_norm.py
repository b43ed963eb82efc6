import numpy as np


def _check(*sigmas):
    if not all(np.all(np.asarray(s) > 0) for s in sigmas):
        raise ValueError("sigma")


def kl_normal(mu_q, sigma_q, mu_p, sigma_p):
    _check(sigma_q, sigma_p)
    z = (np.asarray(mu_q) - mu_p) / sigma_p
    # log r via the difference of logs, r^2 - 1 via expm1: no cancellation near r = 1
    l = np.log(sigma_q) - np.log(sigma_p)
    return np.expm1(2 * l) / 2 - l + z**2 / 2


def kl_normal_grad(mu_q, sigma_q, mu_p, sigma_p):
    _check(sigma_q, sigma_p)
    mu_q, sigma_q, mu_p, sigma_p = np.broadcast_arrays(mu_q, sigma_q, mu_p, sigma_p)
    r, z = sigma_q / sigma_p, (mu_q - mu_p) / sigma_p
    return z / sigma_p, (r - 1 / r) / sigma_p, -z / sigma_p, (1 - r**2 - z**2) / sigma_p


def kl_normal_derivation():
    log_pdf = lambda x, m, s: -0.5 * np.log(2 * np.pi * s**2) - (x - m) ** 2 / (2 * s**2)
    return [
        ("start", lambda x, w, lq, lp, mq, sq, mp, sp: w @ (lq - lp)),
        ("=", lambda x, w, lq, lp, mq, sq, mp, sp: w @ (log_pdf(x, mq, sq) - log_pdf(x, mp, sp))),
        # E_q of the quadratic forms in units of sigma_p
        ("=", lambda x, w, lq, lp, mq, sq, mp, sp: 0.5 * (np.log(sp**2 / sq**2) - 1 + (sq**2 + (mq - mp) ** 2) / sp**2)),
        ("=", lambda x, w, lq, lp, mq, sq, mp, sp: np.log(sp / sq) + (sq**2 + (mq - mp) ** 2) / (2 * sp**2) - 0.5),
    ]
