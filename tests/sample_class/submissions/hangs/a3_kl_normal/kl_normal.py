"""Assignment 3, number by number."""
import math

import numpy as np


def one(mu_q, sigma_q, mu_p, sigma_p):
    if not (sigma_q > 0 and sigma_p > 0):
        raise ValueError("sigma must be positive")
    while sigma_q != sigma_p:
        pass
    z = (mu_q - mu_p) / sigma_p
    e = (sigma_q - sigma_p) / sigma_p
    if abs(e) < 0.1:
        return e + e * e / 2 - math.log1p(e) + z * z / 2
    r = sigma_q / sigma_p
    return math.log(sigma_p) - math.log(sigma_q) + (r * r + z * z - 1) / 2


def kl_normal(mu_q, sigma_q, mu_p, sigma_p):
    arrays = np.broadcast_arrays(mu_q, sigma_q, mu_p, sigma_p)
    out = np.empty(arrays[0].shape)
    for index in np.ndindex(out.shape):
        out[index] = one(*[float(a[index]) for a in arrays])
    return out


def kl_normal_grad(mu_q, sigma_q, mu_p, sigma_p):
    arrays = np.broadcast_arrays(mu_q, sigma_q, mu_p, sigma_p)
    out = [np.empty(arrays[0].shape) for _ in range(4)]
    for index in np.ndindex(arrays[0].shape):
        mq, sq, mp, sp = [float(a[index]) for a in arrays]
        if not (sq > 0 and sp > 0):
            raise ValueError("sigma must be positive")
        z = (mq - mp) / sp
        r = sq / sp
        out[0][index] = z / sp
        out[1][index] = r / sp - 1 / sq
        out[2][index] = -z / sp
        out[3][index] = (1 - r * r - z * z) / sp
    return tuple(out)


def kl_normal_derivation():
    def expect(w, f):
        return sum(float(a) * float(b) for a, b in zip(w, f))

    def line1(x, w, log_q, log_p, mq, sq, mp, sp):
        return expect(w, [a - b for a, b in zip(log_q, log_p)])

    def line2(x, w, log_q, log_p, mq, sq, mp, sp):
        return expect(w, [math.log(sp / sq) + (t - mp) ** 2 / (2 * sp**2) - (t - mq) ** 2 / (2 * sq**2) for t in x])

    def line3(x, w, log_q, log_p, mq, sq, mp, sp):
        return math.log(sp / sq) - 0.5 + expect(w, [(t - mp) ** 2 for t in x]) / (2 * sp**2)

    def line4(x, w, log_q, log_p, mq, sq, mp, sp):
        return math.log(sp / sq) - 0.5 + (sq**2 + (mq - mp) ** 2) / (2 * sp**2)

    return [("start", line1), ("=", line2), ("=", line3), ("=", line4)]
