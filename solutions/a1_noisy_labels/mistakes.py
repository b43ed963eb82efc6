"""Wrong versions that students write, each with the hint that it earns. Staff only."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.authoring.wrong_versions import always, imprecise, line_spoiled, spoiled, warning

from . import noisy_labels as reference
from .questions import a1


def sigmoid(z: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


def marginal(logits: Any, labels: Any, eps: float) -> Any:
    s = sigmoid(labels * logits)
    return (1.0 - eps) * s + eps * (1.0 - s)


# --- the likelihood --------------------------------------------------------------------------------------------------


@a1.mistake("log_likelihood", "The sheet asks for a sum over the examples, not a mean.")
def likelihood_mean(logits: Any, labels: Any, eps: float) -> float:
    return reference.log_likelihood(logits, labels, eps) / len(logits)


@a1.mistake("log_likelihood", "A likelihood is maximized: which sign has the logarithm of a probability?")
def likelihood_sign(logits: Any, labels: Any, eps: float) -> float:
    return -reference.log_likelihood(logits, labels, eps)


@a1.mistake("log_likelihood", "The labels are noisy: where is the sum over what the true class may have been?")
def labels_taken_as_clean(logits: Any, labels: Any, eps: float) -> float:
    return reference.log_likelihood(logits, labels, 0.0)


@a1.mistake("log_likelihood", "Is the label right with probability eps, or wrong?")
def noise_swapped(logits: Any, labels: Any, eps: float) -> float:
    return reference.log_likelihood(logits, labels, 1.0 - eps)


@a1.mistake("log_likelihood", "The logarithm stands outside of the sum over classes: this is the bound of 1b.")
def bound_for_likelihood(logits: Any, labels: Any, eps: float) -> float:
    return -reference.soft_cross_entropy(logits, labels, eps)


@a1.mistake(
    "log_likelihood", "Right on paper; but exp overflows and log meets 0 for large logits. Stay with logarithms."
)
def likelihood_naive(logits: Any, labels: Any, eps: float) -> float:
    return float(np.sum(np.log(marginal(logits, labels, eps))))


CLIPPED = "A small number added inside of a logarithm caps it: for large logits the logarithm itself is asked for."


@a1.mistake("log_likelihood", CLIPPED)
def likelihood_clipped(logits: Any, labels: Any, eps: float) -> float:
    return float(np.sum(np.log(marginal(logits, labels, eps) + 1e-15)))


@a1.mistake("log_likelihood", "The label decides which class's probability counts: where is it in your formula?")
def likelihood_without_label(logits: Any, labels: Any, eps: float) -> float:
    return reference.log_likelihood(logits, np.ones_like(labels), eps)


@a1.mistake("log_likelihood_grad", "The logit of a label -1 works the other way round: where is the label as a factor?")
def gradient_without_label(logits: Any, labels: Any, eps: float) -> Any:
    return labels * reference.log_likelihood_grad(logits, labels, eps)


@a1.mistake("log_likelihood_grad", "Which way is uphill? Look at the sign.")
def gradient_sign(logits: Any, labels: Any, eps: float) -> Any:
    return -reference.log_likelihood_grad(logits, labels, eps)


@a1.mistake(
    "log_likelihood_grad", "Differentiate both terms of the sum over classes; together they give a factor of the noise."
)
def noise_factor_lost(logits: Any, labels: Any, eps: float) -> Any:
    s = sigmoid(labels * logits)
    return labels * s * (1.0 - s) / marginal(logits, labels, eps)


@a1.mistake("log_likelihood_grad", "This is the gradient without noise: eps must appear in it.")
def gradient_of_clean(logits: Any, labels: Any, eps: float) -> Any:
    return labels * sigmoid(-labels * logits)


@a1.mistake(
    "log_likelihood_grad", "This is the gradient of the softened cross-entropy's negative, not of the likelihood."
)
def gradient_of_bound(logits: Any, labels: Any, eps: float) -> Any:
    return -reference.soft_cross_entropy_grad(logits, labels, eps)


@a1.mistake("log_likelihood_grad", "The derivative of log p is p' / p: where is the division?")
def not_divided(logits: Any, labels: Any, eps: float) -> Any:
    s = sigmoid(labels * logits)
    return labels * (1.0 - 2.0 * eps) * s * (1.0 - s)


@a1.mistake("log_likelihood_grad", "Right on paper; but numerator and denominator both vanish for large logits.")
def gradient_naive(logits: Any, labels: Any, eps: float) -> Any:
    s = sigmoid(labels * logits)
    with np.errstate(all="ignore"):
        return labels * (1.0 - 2.0 * eps) * s * (1.0 - s) / marginal(logits, labels, eps)


# --- the posterior ---------------------------------------------------------------------------------------------------


@a1.mistake(
    "posterior", "This is the probability of the label being right; the class +1 is asked for, whatever the label."
)
def posterior_of_the_label(logits: Any, labels: Any, eps: float) -> Any:
    p = reference.posterior(logits, labels, eps)
    return np.where(np.asarray(labels) == 1, p, 1.0 - p)


@a1.mistake("posterior", "This is the posterior of the class -1.")
def posterior_of_minus(logits: Any, labels: Any, eps: float) -> Any:
    return reference.posterior(-logits, -labels, eps)


@a1.mistake("posterior", "Bayes' rule weighs the network's opinion by how likely the label is: where is the label?")
def prior_only(logits: Any, labels: Any, eps: float) -> Any:
    return sigmoid(np.asarray(logits))


@a1.mistake("posterior", "This is the joint probability of class and label: divide by that of the label.")
def not_normalized(logits: Any, labels: Any, eps: float) -> Any:
    return np.where(np.asarray(labels) == 1, 1.0 - eps, eps) * sigmoid(np.asarray(logits))


@a1.mistake("posterior", "Is the label right with probability eps, or wrong?")
def posterior_noise_swapped(logits: Any, labels: Any, eps: float) -> Any:
    return reference.posterior(logits, labels, 1.0 - eps)


# --- the bound -------------------------------------------------------------------------------------------------------


@a1.mistake("soft_cross_entropy", "A loss is positive: look at the sign in front of the sum.")
def loss_sign(logits: Any, labels: Any, eps: float) -> float:
    return -reference.soft_cross_entropy(logits, labels, eps)


@a1.mistake("soft_cross_entropy", "The sheet asks for a sum over the examples, not a mean.")
def loss_mean(logits: Any, labels: Any, eps: float) -> float:
    return reference.soft_cross_entropy(logits, labels, eps) / len(logits)


@a1.mistake("soft_cross_entropy", "The sum runs over both classes; the other one has the weight eps.")
def one_class_only(logits: Any, labels: Any, eps: float) -> float:
    return float((1.0 - eps) * np.sum(np.logaddexp(0.0, -labels * logits)))


@a1.mistake("soft_cross_entropy", "Which class gets the larger weight of the softened label?")
def soft_labels_swapped(logits: Any, labels: Any, eps: float) -> float:
    return reference.soft_cross_entropy(logits, labels, 1.0 - eps)


@a1.mistake("soft_cross_entropy", "Here the logarithm is of each class's probability, not of their sum: this is 1a.")
def likelihood_for_loss(logits: Any, labels: Any, eps: float) -> float:
    return -reference.log_likelihood(logits, labels, eps)


@a1.mistake("soft_cross_entropy", "The target is the softened label, not the label itself.")
def hard_labels(logits: Any, labels: Any, eps: float) -> float:
    return reference.soft_cross_entropy(logits, labels, 0.0)


@a1.mistake("soft_cross_entropy", "0 times a huge logit is 0: log of a sigmoid must stay finite for large logits.")
def loss_naive(logits: Any, labels: Any, eps: float) -> float:
    s = sigmoid(labels * logits)
    with np.errstate(all="ignore"):
        return -float(np.sum((1.0 - eps) * np.log(s) + eps * np.log(1.0 - s)))


@a1.mistake("soft_cross_entropy", CLIPPED)
def loss_clipped(logits: Any, labels: Any, eps: float) -> float:
    s = sigmoid(labels * logits)
    return float(-np.sum((1.0 - eps) * np.log(s + 1e-15) + eps * np.log(1.0 - s + 1e-15)))


@a1.mistake("soft_cross_entropy_grad", "This is the gradient of the negative loss: look at the sign.")
def loss_gradient_sign(logits: Any, labels: Any, eps: float) -> Any:
    return -reference.soft_cross_entropy_grad(logits, labels, eps)


@a1.mistake("soft_cross_entropy_grad", "Where is the label? The logit of a label -1 works the other way round.")
def loss_gradient_without_label(logits: Any, labels: Any, eps: float) -> Any:
    return labels * reference.soft_cross_entropy_grad(logits, labels, eps)


@a1.mistake("soft_cross_entropy_grad", "The other class has a term, too: differentiate both.")
def loss_gradient_one_class(logits: Any, labels: Any, eps: float) -> Any:
    return -labels * (1.0 - eps) * sigmoid(-labels * logits)


@a1.mistake("soft_cross_entropy_grad", "Which class gets the larger weight of the softened label?")
def loss_gradient_swapped(logits: Any, labels: Any, eps: float) -> Any:
    return reference.soft_cross_entropy_grad(logits, labels, 1.0 - eps)


@a1.mistake("soft_cross_entropy_grad", "The loss is a sum over the examples: why divide by their number?")
def loss_gradient_mean(logits: Any, labels: Any, eps: float) -> Any:
    return reference.soft_cross_entropy_grad(logits, labels, eps) / len(logits)


@a1.mistake("jensen_gap", "The log-likelihood is above the bound: which is subtracted from which?")
def gap_sign(logits: Any, labels: Any, eps: float) -> Any:
    return -reference.jensen_gap(logits, labels, eps)


@a1.mistake("jensen_gap", "One gap is asked for each example, not their sum.")
def gap_summed(logits: Any, labels: Any, eps: float) -> float:
    return float(np.sum(reference.jensen_gap(logits, labels, eps)))


@a1.mistake(
    "jensen_gap", "The loss (1) is the negative of the bound: does your gap add the two where it should subtract?"
)
def gap_of_sum(logits: Any, labels: Any, eps: float) -> Any:
    s = labels * np.asarray(logits, dtype=float)
    loss = (1.0 - eps) * np.logaddexp(0.0, -s) + eps * np.logaddexp(0.0, s)
    return reference.jensen_gap(logits, labels, eps) - 2.0 * loss


@a1.mistake("jensen_gap", "Right on paper; but for large logits the difference of two huge numbers loses its digits.")
def gap_naive(logits: Any, labels: Any, eps: float) -> Any:
    s = sigmoid(labels * logits)
    with np.errstate(all="ignore"):
        return np.log(marginal(logits, labels, eps)) - (1.0 - eps) * np.log(s) - eps * np.log(1.0 - s)


@a1.mistake("jensen_gap", CLIPPED)
def gap_clipped(logits: Any, labels: Any, eps: float) -> Any:
    s = sigmoid(labels * logits)
    bound = (1.0 - eps) * np.log(s + 1e-15) + eps * np.log(1.0 - s + 1e-15)
    return np.log(marginal(logits, labels, eps) + 1e-15) - bound


# --- the network -----------------------------------------------------------------------------------------------------


def back(params: Any, x: Any, labels: Any, eps: float, **change: Any) -> Any:
    """Value and gradient, with a part of the gradient changed."""
    value, grads = reference.mlp_objective(params, x, labels, eps)
    return value, {**grads, **change}


def hidden_of(params: Any, x: Any) -> Any:
    return np.tanh(x @ params["W"].T + params["b"])


def by_logit(params: Any, x: Any, labels: Any, eps: float) -> Any:
    return reference.log_likelihood_grad(hidden_of(params, x) @ params["v"] + params["c"], labels, eps)


@a1.mistake("mlp_objective", "On the way back through tanh its derivative is missing.")
def tanh_slope_lost(params: Any, x: Any, labels: Any, eps: float) -> Any:
    through = by_logit(params, x, labels, eps)[:, None] * params["v"]
    return back(params, x, labels, eps, W=through.T @ x, b=through.sum(axis=0))


@a1.mistake("mlp_objective", "The derivative of tanh is not that of the sigmoid.")
def sigmoid_slope(params: Any, x: Any, labels: Any, eps: float) -> Any:
    h = hidden_of(params, x)
    through = by_logit(params, x, labels, eps)[:, None] * params["v"] * h * (1.0 - h)
    return back(params, x, labels, eps, W=through.T @ x, b=through.sum(axis=0))


@a1.mistake("mlp_objective", "Value and gradient are sums over the examples: one of yours is a mean.")
def gradient_is_a_mean(params: Any, x: Any, labels: Any, eps: float) -> Any:
    value, grads = reference.mlp_objective(params, x, labels, eps)
    return value, {key: part / len(x) for key, part in grads.items()}


@a1.mistake("mlp_objective", "The output's weights v stand between the logit and the hidden layer on the way back.")
def output_weights_lost(params: Any, x: Any, labels: Any, eps: float) -> Any:
    through = by_logit(params, x, labels, eps)[:, None] * (1.0 - hidden_of(params, x) ** 2)
    return back(params, x, labels, eps, W=through.T @ x, b=through.sum(axis=0))


@a1.mistake("mlp_objective", "The gradient goes uphill on the log-likelihood: look at its sign.")
def gradient_downhill(params: Any, x: Any, labels: Any, eps: float) -> Any:
    value, grads = reference.mlp_objective(params, x, labels, eps)
    return value, {key: -part for key, part in grads.items()}


@a1.mistake("mlp_objective", "Every parameter has a gradient, also the two offsets b and c.")
def offsets_fixed(params: Any, x: Any, labels: Any, eps: float) -> Any:
    return back(params, x, labels, eps, b=np.zeros_like(params["b"]), c=0.0)


@a1.mistake("mlp_objective", "The labels are noisy: where is eps?")
def network_without_noise(params: Any, x: Any, labels: Any, eps: float) -> Any:
    return reference.mlp_objective(params, x, labels, 0.0)


# --- for the audit alone: they need no hint ---------------------------------------------------------------------------


def huge(logits: Any) -> bool:
    return bool(np.max(np.abs(logits)) > 1e3)


OF_LOGITS = ("log_likelihood", "posterior", "soft_cross_entropy", "jensen_gap")
ON_LOGITS: dict[str, Callable[..., bool]] = {
    "ordinary_off": lambda a, t, eps: 0.0 < eps < 0.5 and not huge(a),
    "heavy_noise_off": lambda a, t, eps: 0.5 < eps < 1.0 and not huge(a),
    "no_noise_off": lambda a, t, eps: eps in (0.0, 1.0) and not huge(a),
    "huge_off": lambda a, t, eps: 0.0 < eps < 1.0 and huge(a),
    "huge_without_noise_off": lambda a, t, eps: eps in (0.0, 1.0) and huge(a),
}
for function in (*OF_LOGITS, "log_likelihood_grad", "soft_cross_entropy_grad"):
    right = getattr(reference, function)
    for name, when in ON_LOGITS.items():
        a1.wrong(function, name=name)(spoiled(right, when))
    a1.wrong(function, name="imprecise")(imprecise(right, 1e-8))
    a1.wrong(function, name="warns", caught_by="quiet")(warning(right))

for name, without_noise in {"with_noise_off": False, "without_noise_off": True}.items():
    a1.wrong("mlp_objective", name=name)(
        spoiled(reference.mlp_objective, lambda params, x, t, eps, ends=without_noise: (eps in (0.0, 1.0)) == ends)
    )
a1.wrong("mlp_objective", name="imprecise")(imprecise(reference.mlp_objective, 1e-8))
a1.wrong("lower_bound_derivation", name="imprecise")(
    line_spoiled(reference.lower_bound_derivation, 1, always, lambda value: value * (1.0 + 1e-6))
)


@a1.wrong("fit")
def noise_ignored(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    return reference.fit(x, labels, 0.0, hidden, steps, learning_rate, seed)


@a1.wrong("fit")
def downhill(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    return reference.fit(x, labels, eps, hidden, steps, -learning_rate, seed)


@a1.wrong("fit")
def never_trained(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    return reference.fit(x, labels, eps, hidden, 0, learning_rate, seed)


@a1.wrong("fit")
def stops_early(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    return reference.fit(x, labels, eps, hidden, steps // 30, learning_rate, seed)


@a1.wrong("fit")
def forgets_the_seed(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    return reference.fit(x, labels, eps, hidden, steps, learning_rate, int(np.random.default_rng().integers(1 << 30)))


@a1.wrong("fit")
def one_hidden_unit(x: Any, labels: Any, eps: float, hidden: int, steps: int, learning_rate: float, seed: int) -> Any:
    return reference.fit(x, labels, eps, 1, steps, learning_rate, seed)
