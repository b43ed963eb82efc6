"""Random numbers by name: each check, and each further use, has a stream of its own."""

import hashlib

import numpy as np


def generator(seed: int, *names: str) -> np.random.Generator:
    """The random numbers of one check: of their own, so that adding a check changes no other's cases."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    words = np.frombuffer(digest, dtype=np.uint32).tolist()
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))
