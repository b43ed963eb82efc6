"""Public checks of expectation_derivation for otter-grader, made from test_*.py; hidden checks follow."""

from otter.test_files import test_case

from autograder.public import call, expect_derivation, expect_ends, of_notebook

OK_FORMAT = False
name = "expectation_derivation"
points = None
TERMS = [{"d_n": 1.0, "d_p": 1.0, "tau": 0.5}, {"d_n": 0.25, "d_p": 1.5, "tau": 0.75}]


@test_case(name="Every link of your derivation holds, and together they prove the equality")
def expectation_derivation__links(env):
    global a4
    a4 = of_notebook(env)
    expect_derivation(a4.expectation_derivation, TERMS, claim="=")


@test_case(name="Begins and ends with the value of your expected_indicator")
def expectation_derivation__ends(env):
    global a4
    a4 = of_notebook(env)
    end = ("the value of your expected_indicator", lambda *case: call(a4.expected_indicator, *case, like=0.0))
    expect_ends(a4.expectation_derivation, TERMS, first=end, last=end)
