"""Twenty random cases for each question, the same for everybody: the peers' tests contain this file's text."""

import numpy as np


def cases_q1():
    rng = np.random.default_rng(101)
    for _ in range(20):
        n, k = int(rng.integers(3, 40)), int(rng.integers(2, 12))
        yield rng.normal(size=(n, k)) * 3, rng.integers(0, k, size=n), float(rng.uniform(0.01, 0.4))


def cases_q2():
    rng = np.random.default_rng(102)
    for number in range(20):
        k = int(rng.integers(2, 30))
        q, p = rng.dirichlet(np.ones(k)), rng.dirichlet(np.ones(k)) + 1e-9
        if number % 4 == 0:
            q[0] = 0.0
            q = q / q.sum()
        yield q, p / p.sum()


def cases_q3():
    rng = np.random.default_rng(103)
    for _ in range(20):
        n = int(rng.integers(1, 50))
        yield rng.normal(size=n), rng.uniform(0.2, 3, n), rng.normal(size=n), rng.uniform(0.2, 3, n)


def cases_q4():
    rng = np.random.default_rng(104)
    for _ in range(20):
        yield rng.normal(size=int(rng.integers(2, 20))), rng.normal(size=int(rng.integers(2, 60))) + 1


def cases_q5():
    rng = np.random.default_rng(105)
    for _ in range(20):
        d_pos, d_neg = rng.normal(size=int(rng.integers(2, 8))), rng.normal(size=int(rng.integers(2, 12))) + 1
        yield d_pos, d_neg, float(rng.uniform(0.1, 1.0))
