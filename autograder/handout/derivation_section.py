"""What every statement says of derivations: their form, an example, and when one proves its claim."""

DERIVATION = r"""## How to write a derivation

A derivation is a proof whose every line is a function, so that a machine can test each line. It returns a list of pairs
`(relation, step)`. The first relation is `"start"`; each later one is `"="`, `"<="` or `">="` (also `"=="`, `"≤"`,
`"≥"`) and stands between the line before and this one. It may lead from either side of the claim to the other.

A step takes the *ingredients* of the claim, and what the claim *assumes* of them is to be used, one fact after the
other. An example that is not one of yours: $\sum_j w_j (x_j - \mu)^2 = \sum_j w_j x_j^2 - \mu^2$, if $\mu$ is the mean
$\sum_j w_j x_j$, and if the weights sum to 1:

```python
def variance_derivation():
    return [
        ("start", lambda x, w, mu: w @ (x - mu) ** 2),
        ("=", lambda x, w, mu: w @ x**2 - 2 * mu * (w @ x) + mu**2 * np.sum(w)),  # the square, term by term
        ("=", lambda x, w, mu: w @ x**2 - 2 * mu * mu + mu**2 * np.sum(w)),  # mu is the mean
        ("=", lambda x, w, mu: w @ x**2 - mu**2),  # the weights sum to 1
    ]
```

It proves its claim when

1. the first and the last line are the two sides of the claim, for whatever ingredients: also for such as break an
   assumption (so write each side from its own ingredients);
2. every link holds on every random case on which all assumptions hold, to $10^{-10} + 10^{-8}$ times the size of the
   numbers, and together the relations prove the claim: a chain with both `"<="` and `">="` proves nothing;
3. each assumption is used: a link *uses* an assumption if it breaks on cases where this one alone fails, as the third
   line above does where $\mu$ is not the mean. **No link may use two at once.** How many lines there are, and in which
   order the facts come, is yours to choose.

So the claim in a single step proves nothing, and neither does its repetition. Why a step is allowed, you say in the
written proof."""
