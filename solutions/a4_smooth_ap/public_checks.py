"""Public checks of Assignment 4: run `pytest` in this folder. Small cases, worked by hand; hidden checks follow."""

import numpy as np
import smooth_ap as a4

from autograder.public import call, expect, expect_derivation, expect_error, expect_gradient, expect_untouched

D_POS = np.array([0.5, 2.0])
D_NEG = np.array([1.0, 3.0, 0.25])
NONE = np.zeros(0)


def test_average_precision__perfect() -> None:
    """Is 1 where every positive comes first"""
    expect(a4.average_precision, np.array([1.0, 2.0]), np.array([3.0]), gives=1.0, because="no negative is closer")
    expect(a4.average_precision, D_POS, NONE, gives=1.0, because="there is no negative")


def test_average_precision__by_hand() -> None:
    """Discounts mistakes by the position in the list"""
    # In order: 0.25 (n), 0.5 (p), 1.0 (n), 2.0 (p), 3.0 (n): positions 2 and 4, with 1 and 2 negatives before them.
    why = "1 - 1/2 (1/2 + 2/4)"
    expect(a4.average_precision, D_POS, D_NEG, gives=0.5, because=why)


def test_average_precision__tie() -> None:
    """Counts a tie in the position, not as a mistake"""
    why = "the negative is not closer than the positive of its distance; it is closer than the other, at position 3"
    expect(a4.average_precision, np.array([1.0, 2.0]), np.array([1.0]), gives=1.0 - (1.0 / 3.0) / 2.0, because=why)


def test_flat_radius__by_hand() -> None:
    """Is half the smallest distance of a positive from any other example"""
    expect(a4.flat_radius, D_POS, D_NEG, gives=0.125, because="0.5 and 0.25 are closest: half of 0.25")
    expect(a4.flat_radius, np.array([1.0]), NONE, gives=np.inf, because="there is no other example")


def test_pair_loss__by_hand() -> None:
    """Counts the pairs in the wrong order"""
    expect(a4.pair_loss, D_POS, D_NEG, gives=3, because="0.25 < 0.5, 0.25 < 2 and 1 < 2")
    expect(a4.pair_loss, np.array([1.0]), np.array([1.0]), gives=0, because="a tie is not in the wrong order")


def test_triplet_loss__by_hand() -> None:
    """Sums the hinges of all pairs"""
    # 0.5: 0 (from 1), 0 (from 3), 0.75 (from 0.25); 2: 1.5, 0, 2.25.
    expect(a4.triplet_loss, D_POS, D_NEG, 0.5, gives=4.5, because="0 + 0 + 0.75 + 1.5 + 0 + 2.25")


def test_triplet_loss_grad__differences() -> None:
    """Is the gradient of your triplet_loss"""
    names = ["d_pos", "d_neg", "margin"]
    arguments = (D_POS, D_NEG, 0.3125)
    expect_gradient(a4.triplet_loss_grad, *arguments, of=a4.triplet_loss, wrt=names[:2], names=names)


def test_triplet_loss_grad__kink() -> None:
    """Is 0 at the kink"""
    why = "d_p - d_n + margin is exactly 0"
    gives = (np.zeros(1), np.zeros(1))
    expect(a4.triplet_loss_grad, np.array([1.0]), np.array([1.5]), 0.5, gives=gives, because=why)


def test_expected_indicator__by_hand() -> None:
    """Is 1/2 at a tie, and 3/4 where the negative is log 3 scales closer"""
    expect(a4.expected_indicator, 1.0, 1.0, 0.5, gives=0.5, because="the noise is as often above 0 as below")
    why = "the logistic distribution function at log 3 is 3/4"
    expect(a4.expected_indicator, 0.0, 2.0 * np.log(3.0), 2.0, gives=0.75, because=why)


def test_expected_indicator__symmetry() -> None:
    """The two orders of a pair have probabilities that sum to 1"""
    d_n, d_p = np.array([[0.0], [1.0]]), np.array([0.5, 2.0, -3.0])
    total = np.asarray(call(a4.expected_indicator, d_n, d_p, 0.7)) + call(a4.expected_indicator, d_p, d_n, 0.7)
    assert total.shape == (2, 3), f"a column of 2 against a row of 3 makes the shape (2, 3), not {total.shape}"
    assert np.allclose(total, 1.0, rtol=0.0, atol=1e-12), f"the sums must be 1: {total}"


def test_smooth_ap__one_pair() -> None:
    """One positive and one negative at a tie"""
    # N = 1/2, and k = 1 (itself) + 1/2.
    why = "1 - (1/2) / (1 + 1/2): the positive counts itself exactly once"
    expect(a4.smooth_ap, np.array([1.0]), np.array([1.0]), 0.5, gives=2.0 / 3.0, because=why)


def test_smooth_ap__small_scale() -> None:
    """Comes to average precision where the scale is small"""
    got, right = call(a4.smooth_ap, D_POS, D_NEG, 0.001), 0.5
    assert abs(got - right) < 1e-9, f"at tau = 0.001 it must be the average precision {right}, not {got}"


def test_smooth_ap__shift() -> None:
    """Does not change when all distances grow by the same amount"""
    one, two = call(a4.smooth_ap, D_POS, D_NEG, 0.5), call(a4.smooth_ap, D_POS + 4.0, D_NEG + 4.0, 0.5)
    assert abs(one - two) < 1e-12, f"only differences of distances count: {one} became {two}"


def test_smooth_ap__leaves_arguments() -> None:
    """Leaves its arguments as they were"""
    expect_untouched(a4.smooth_ap, D_POS.copy(), D_NEG.copy(), 0.5)


def test_smooth_ap_grad__differences() -> None:
    """Is the gradient of your smooth_ap"""
    names = ["d_pos", "d_neg", "tau"]
    for d_neg in (D_NEG, D_NEG[:1]):
        expect_gradient(a4.smooth_ap_grad, D_POS, d_neg, 0.5, of=a4.smooth_ap, wrt=names[:2], names=names)


def test_smooth_ap_grad__no_negative() -> None:
    """Is 0 where there is no negative"""
    expect(a4.smooth_ap_grad, D_POS, NONE, 0.5, gives=(np.zeros(2), NONE), because="Smooth-AP is then always 1")


EMBEDDINGS = np.array([[0.0, 1.0], [1.0, 0.5], [-1.0, 0.25], [0.5, -1.0], [2.0, 2.0]])
LABELS = np.array([0, 0, 1, 0, 1])


def to_distances(anchor, positives, negatives, tau):  # type: ignore[no-untyped-def]
    """The arguments of smooth_ap for these embeddings."""
    lengths = [np.sqrt(((rows - anchor) ** 2).sum(axis=1)) for rows in (positives, negatives)]
    return (*lengths, tau)


def test_smooth_ap_embedding_grad__differences() -> None:
    """Is the gradient of your smooth_ap through the distances"""
    names = ["anchor", "positives", "negatives", "tau"]
    arguments = (EMBEDDINGS[0], EMBEDDINGS[1:3], EMBEDDINGS[3:], 0.5)
    gradient = a4.smooth_ap_embedding_grad
    expect_gradient(gradient, *arguments, of=a4.smooth_ap, wrt=names[:3], names=names, through=to_distances)


def test_smooth_ap_embedding_grad__zero_distance() -> None:
    """Takes the subgradient 0 where an example lies on the anchor"""
    _, g_positives, _ = call(a4.smooth_ap_embedding_grad, EMBEDDINGS[0], EMBEDDINGS[:2], EMBEDDINGS[2:], 0.5)
    assert np.all(np.asarray(g_positives)[0] == 0.0), f"the first positive is the anchor: {g_positives[0]} must be 0"


def test_smooth_map__two_rows() -> None:
    """Is 1 where there is no negative"""
    expect(a4.smooth_map, EMBEDDINGS[:2], np.array([3, 3]), 0.5, gives=1.0, because="both rows have one positive only")


def test_smooth_map__is_a_mean() -> None:
    """Is the mean of your smooth_ap over the rows that have a partner"""
    labels = np.array([0, 0, 1, 2, 3])
    d = [np.sqrt(((EMBEDDINGS - EMBEDDINGS[i]) ** 2).sum(axis=1)) for i in range(2)]
    value = (call(a4.smooth_ap, d[0][1:2], d[0][2:], 0.5) + call(a4.smooth_ap, d[1][:1], d[1][2:], 0.5)) / 2.0
    why = "only the first two rows share a label; the other rows are their negatives"
    expect(a4.smooth_map, EMBEDDINGS, labels, 0.5, gives=value, because=why)


def test_smooth_map__no_partner() -> None:
    """Raises ValueError where no row has a partner"""
    for function in (a4.smooth_map, a4.smooth_map_grad):
        expect_error(function, EMBEDDINGS, np.arange(5), 0.5, error=ValueError, because="all labels differ")


def test_smooth_map_grad__differences() -> None:
    """Is the gradient of your smooth_map"""
    names = ["embeddings", "labels", "tau"]
    expect_gradient(a4.smooth_map_grad, EMBEDDINGS, LABELS, 0.5, of=a4.smooth_map, wrt=names[:1], names=names)


def test_surrogate_derivation__links() -> None:
    """Every link of your derivation holds, also at ties and without negatives"""
    cases = [{"d_pos": D_POS, "d_neg": d_neg, "margin": 0.5} for d_neg in (D_NEG, D_POS, NONE)]
    expect_derivation(call(a4.surrogate_derivation), cases)


def test_expectation_derivation__links() -> None:
    """Every link of your derivation holds"""
    cases = [{"d_n": 1.0, "d_p": 1.0, "tau": 0.5}, {"d_n": 0.25, "d_p": 1.5, "tau": 0.75}]
    expect_derivation(call(a4.expectation_derivation), cases)
