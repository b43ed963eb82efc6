"""Wrong versions that students write, each with the hint that it earns. Staff only."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.authoring.wrong_versions import always, imprecise, line_spoiled, spoiled, swallowing, warning

from . import kl_normal as reference
from .questions import a3


def checked(sigma_q: Any, sigma_p: Any) -> None:
    if not (np.all(np.asarray(sigma_q) > 0) and np.all(np.asarray(sigma_p) > 0)):
        raise ValueError


def formula(
    mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any, *, half: float = 0.5, log: float = 1.0, square: float = 1.0
) -> Any:
    """The closed form, with the factors of its terms."""
    checked(sigma_q, sigma_p)
    with np.errstate(all="ignore"):
        mu_q, sigma_q, mu_p, sigma_p = (np.asarray(a, dtype=float) for a in (mu_q, sigma_q, mu_p, sigma_p))
        shift = ((mu_q - mu_p) / sigma_p) ** 2
        logs = np.log(sigma_p) - np.log(sigma_q)
        return log * logs + ((sigma_q / sigma_p) ** 2 + square * shift) / 2.0 - half


@a3.mistake("kl_normal", "q and p are not alike here: whose variance stands in the denominator?")
def direction_swapped(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return reference.kl_normal(mu_p, sigma_p, mu_q, sigma_q)


@a3.mistake("kl_normal", "sigma is a standard deviation: did you take it for the variance?")
def variances_given(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    checked(sigma_q, sigma_p)
    return reference.kl_normal(mu_q, np.sqrt(sigma_q), mu_p, np.sqrt(sigma_p))


@a3.mistake("kl_normal", "The divergence of a distribution from itself must be 0: is a constant missing?")
def half_forgotten(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return formula(mu_q, sigma_q, mu_p, sigma_p, half=0.0)


@a3.mistake("kl_normal", "Look at the sign of the logarithm: for a wide p, is the divergence large or small?")
def logarithm_sign(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return formula(mu_q, sigma_q, mu_p, sigma_p, log=-1.0)


@a3.mistake("kl_normal", "The logarithm of the normalizers is missing.")
def logarithm_forgotten(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return formula(mu_q, sigma_q, mu_p, sigma_p, log=0.0)


@a3.mistake("kl_normal", "The logarithm is of standard deviations; of variances it needs a factor.")
def logarithm_of_variances(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return formula(mu_q, sigma_q, mu_p, sigma_p, log=2.0)


@a3.mistake("kl_normal", "The difference of the means matters, too.")
def means_forgotten(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return formula(mu_q, sigma_q, mu_p, sigma_p, square=0.0) + 0.0 * (np.asarray(mu_q) + mu_p)


@a3.mistake("kl_normal", "The factor 1/2 belongs to the squared difference of the means, too.")
def means_not_halved(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return formula(mu_q, sigma_q, mu_p, sigma_p, square=2.0)


@a3.mistake("kl_normal", "The difference of the means enters squared.")
def means_not_squared(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    checked(sigma_q, sigma_p)
    shift = (np.asarray(mu_q) - mu_p) / sigma_p
    return reference.kl_normal(mu_q, sigma_q, mu_p, sigma_p) + (np.abs(shift) - shift**2) / 2.0


@a3.mistake("kl_normal", "Right on paper; but squares of 1e200 overflow. Divide before you square.")
def squares_overflow(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    checked(sigma_q, sigma_p)
    with np.errstate(all="ignore"):
        mu_q, sigma_q, mu_p, sigma_p = (np.asarray(a, dtype=float) for a in (mu_q, sigma_q, mu_p, sigma_p))
        return np.log(sigma_p / sigma_q) + (sigma_q**2 + (mu_q - mu_p) ** 2) / (2.0 * sigma_p**2) - 0.5


@a3.mistake("kl_normal", "The values are those of the right formula in single precision: keep float64.")
def single_precision(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    checked(sigma_q, sigma_p)
    with np.errstate(all="ignore"):
        m, s, n, t = (np.asarray(a, dtype=np.float32) for a in (mu_q, sigma_q, mu_p, sigma_p))
        return np.asarray(np.log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - np.float32(0.5), dtype=np.float32)


@a3.mistake(
    "kl_normal", "One number comes back where the arguments are arrays: they are to be taken element by element."
)
def summed(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return float(np.sum(reference.kl_normal(mu_q, sigma_q, mu_p, sigma_p)))


def changed(arguments: Any, **change: Any) -> Any:
    """The gradient with parts replaced: functions of (gradient, sigma_q / sigma_p, shift / sigma_p, sigmas)."""
    grads = list(reference.kl_normal_grad(*arguments))
    mu_q, sigma_q, mu_p, sigma_p = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in arguments))
    with np.errstate(all="ignore"):
        ratio, shift = sigma_q / sigma_p, (mu_q - mu_p) / sigma_p
        for index, name in enumerate(("mu_q", "sigma_q", "mu_p", "sigma_p")):
            if name in change:
                grads[index] = change[name](grads[index], ratio, shift, sigma_q, sigma_p)
    return tuple(grads)


@a3.mistake("kl_normal_grad", "The derivatives by the two means have opposite signs: which is which?")
def means_swapped(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    by_mu_q, by_sigma_q, by_mu_p, by_sigma_p = reference.kl_normal_grad(mu_q, sigma_q, mu_p, sigma_p)
    return by_mu_p, by_sigma_q, by_mu_q, by_sigma_p


@a3.mistake("kl_normal_grad", "By mu_p the divergence changes the other way than by mu_q.")
def mean_of_p_sign(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return changed((mu_q, sigma_q, mu_p, sigma_p), mu_p=lambda g, *_: -g)


@a3.mistake("kl_normal_grad", "In the derivative by sigma_p the squared difference of the means is missing.")
def shift_forgotten(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return changed(
        (mu_q, sigma_q, mu_p, sigma_p), sigma_p=lambda g, ratio, shift, _, t: (1.0 - ratio) * (1.0 + ratio) / t
    )


@a3.mistake("kl_normal_grad", "The logarithm depends on sigma_q: its derivative is missing.")
def logarithm_by_q(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return changed((mu_q, sigma_q, mu_p, sigma_p), sigma_q=lambda g, ratio, shift, s, t: ratio / t)


@a3.mistake("kl_normal_grad", "The logarithm depends on sigma_p: its derivative is missing.")
def logarithm_by_p(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return changed((mu_q, sigma_q, mu_p, sigma_p), sigma_p=lambda g, ratio, shift, s, t: -(ratio**2 + shift**2) / t)


@a3.mistake("kl_normal_grad", "These are derivatives by the variances; those by the standard deviations are asked for.")
def by_variances(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return changed(
        (mu_q, sigma_q, mu_p, sigma_p),
        sigma_q=lambda g, ratio, shift, s, t: g / (2.0 * s),
        sigma_p=lambda g, ratio, shift, s, t: g / (2.0 * t),
    )


@a3.mistake("kl_normal_grad", "Every derivative has the wrong sign.")
def all_signs(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return tuple(-part for part in reference.kl_normal_grad(mu_q, sigma_q, mu_p, sigma_p))


@a3.mistake("kl_normal_grad", "This is the gradient of the divergence the other way round.")
def gradient_of_swapped(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    by_mu_p, by_sigma_p, by_mu_q, by_sigma_q = reference.kl_normal_grad(mu_p, sigma_p, mu_q, sigma_q)
    return by_mu_q, by_sigma_q, by_mu_p, by_sigma_p


# --- for the audit alone: they need no hint ---------------------------------------------------------------------------


def of_numbers(*arguments: Any) -> bool:
    return all(np.ndim(argument) == 0 for argument in arguments)


def of_rows(*arguments: Any) -> bool:
    return len({np.shape(argument) for argument in arguments}) == 1 and not of_numbers(*arguments)


@a3.mistake("kl_normal", "The logarithm has the other sign: if p is the wider of the two, it adds to the divergence.")
def logarithm_turned(mu_q: Any, sigma_q: Any, mu_p: Any, sigma_p: Any) -> Any:
    return reference.kl_normal(mu_q, sigma_q, mu_p, sigma_p) - 2.0 * np.log(np.asarray(sigma_p) / sigma_q)


def extreme(m: Any, s: Any, n: Any, t: Any) -> bool:
    return bool(max(np.max(np.abs(np.log(s))), np.max(np.abs(np.log(t)))) > 20.0)


def nearly_equal(m: Any, s: Any, n: Any, t: Any) -> bool:
    same = bool(np.all(np.abs(s / t - 1.0) < 0.02))
    return same and of_rows(m, s, n, t) and not np.array_equal(m, n) and not extreme(m, s, n, t)


NORMAL: dict[str, Callable[..., bool]] = {
    "numbers_off": of_numbers,
    "rows_off": lambda *a: of_rows(*a) and not extreme(*a) and not nearly_equal(*a) and not np.array_equal(a[0], a[2]),
    "broadcast_off": lambda *a: not of_numbers(*a) and not of_rows(*a),
    "nearly_equal_off": nearly_equal,
    "of_itself_off": lambda m, s, n, t: of_rows(m, s, n, t) and np.array_equal(m, n) and np.array_equal(s, t),
    "extreme_off": extreme,
}
for name, when in NORMAL.items():
    a3.wrong("kl_normal", name=name)(spoiled(reference.kl_normal, when))
for name in ("numbers_off", "broadcast_off", "nearly_equal_off", "extreme_off"):
    a3.wrong("kl_normal_grad", name=name)(spoiled(reference.kl_normal_grad, NORMAL[name]))
for function in ("kl_normal", "kl_normal_grad"):
    a3.wrong(function, name="imprecise")(imprecise(getattr(reference, function), 1e-8))
    a3.wrong(function, name="never_raises")(swallowing(getattr(reference, function), ValueError))
a3.wrong("kl_normal", name="warns", caught_by="quiet")(warning(reference.kl_normal))
a3.wrong("kl_normal_derivation", name="imprecise")(
    line_spoiled(reference.kl_normal_derivation, 1, always, lambda value: value * (1.0 + 1e-6))
)
