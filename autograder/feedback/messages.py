"""The sentences of findings: what each code means, in a student's words. Another language is another module like this.

`brief` tells what may always be shown: it is made of what a finding says `about` the submission, and of nothing of a
hidden case. `detail` tells more, for those whom the reveal policy lets see the case.
"""

from collections.abc import Callable, Mapping
from typing import Any

from autograder.feedback.places import place, raised_text
from autograder.feedback.rule_words import RULES
from autograder.feedback.value_words import DIGITS, KINDS
from autograder.judging.finding import Finding

Values = Mapping[str, Any]

# All that can be said of most wrong answers without a number of the case; a page need not repeat it beside the verdict.
WRONG_VALUE = "Returns a wrong value."

BOUNDS = {"<=": "an upper bound", ">=": "a lower bound", "=": "an equality"}
REASONS = {
    "no_number": "does not give one number",
    "nan": "gives nan",
    "raises": "raises an error",
    "shape": "does not have the shape of the two sides of the claim",
}


def lowered(text: str) -> str:
    """A sentence to follow a colon."""
    return text[:1].lower() + text[1:]


def reason(code: str) -> str:
    """Why a line of a derivation has no value."""
    return REASONS.get(code, code)


def _wanted(about: Values) -> str:
    match about["wanted"]:
        case "tuple":
            return f"a tuple of {about['parts']} arrays"
        case "dict":
            return f"a dict with the keys {', '.join(about['keys'])}"
        case "array":
            return "an array"
    return "one real number"


def _that(facts: list[str]) -> str:
    """Facts, to be shown one after the other: "that q factorizes and that ..."."""
    told = [f"that {fact}" for fact in facts]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _at_once(about: Values) -> str:
    return (
        f"From line {about['line']} to line {about['line'] + 1} you use at once {_that(about['facts'])}: "
        "show them one after the other, each with a line of its own."
    )


def _where(about: Values) -> str:
    return f" in {place(about['file'], about['line'])}" if about.get("file") and about.get("line") else ""


def _code(about: Values) -> str:
    return f": `{about['code']}`" if about.get("code") else ""


def _at(index: list[int]) -> str:
    if not index:
        return ""
    return f" at index {index[0] if len(index) == 1 else tuple(index)}"


def _part(about: Values) -> str:
    return f"part {about['part']}" if "part" in about else f"entry {about['entry']!r}"


def _digits(about: Values) -> str:
    name = about.get("dtype")
    return f" It is {name}, which keeps about {DIGITS[name]} digits: compute with float64." if name in DIGITS else ""


def _errors(found: Finding) -> str:
    case = found.case
    if "wrong" not in case:
        return f"The error is {case['error']}.{_digits(found.about)}"
    return (
        f"{case['wrong']:,} of {case['numbers']:,} numbers are wrong; the largest error is {case['error']}"
        f"{_at(list(case['at']))} (returned {case['got']}, "  # type: ignore[arg-type]
        f"expected {case['expected']}).{_digits(found.about)}"
    )


def _own(about: Values) -> str:
    wrong = about["functions"]
    return f"It is right for your own {' and '.join(wrong)}, which {'is' if len(wrong) == 1 else 'are'} wrong"


SITUATIONS = {
    "empty": "with an array that has no element",
    "one_element": "with an array of one element",
    "large": "with numbers beyond 700",
    "ties": "in which two numbers are equal",
    "zeros": "in which a number is 0",
}


def _parts(about: Values) -> str:
    wrong, right = " and ".join(about["wrong"]), " and ".join(about["right"])
    if not right:
        return f"On all {about['cases']} cases {wrong} are wrong in the same way."
    are = "are" if len(about["right"]) > 1 else "is"
    others = "are" if len(about["wrong"]) > 1 else "is"
    return f"On all {about['cases']} cases {right} {are} right; {wrong} {others} not."


def _same_of_parts(found: Finding, inner: str) -> str:
    """What holds of all the parts that are wrong."""
    assert found.part is not None
    arguments = found.about.get("arguments")
    if isinstance(arguments, list | tuple):
        factor = str(found.part.about["form"]).format("x")
        inner = f"each is {factor} times the right one, x being {' or '.join(map(str, arguments))}."
    return f"{_parts(found.about)} {raised_text(inner)}"


def _hints(about: Values) -> str:
    hints = about["hints"]
    return str(hints[0]) if len(hints) == 1 else "One of these: " + " Or: ".join(hints)


def _out_of_time(about: Values) -> str:
    """A limit that was reached: what is known of it, and of the case."""
    if about.get("after"):
        return "Was not tried: the function's time was over in an earlier check."
    slow = "Takes longer than the time limit"
    if "on_import" in about:
        return f"{slow} of {about['on_import']:g} s."
    count = about.get("numbers")
    numbers = "" if count is None else f" on a case of about {count:,} number{'' if count == 1 else 's'}"
    if "limit" in about:
        seconds = f"{about['limit']:g} s"
        return (
            f"{slow}: stopped{numbers} after {seconds} of processor time, all its cases together; more is not allowed."
        )
    if "times" in about:
        rule = f"{about['least']:g} s of processor time and {about['times']:g} times what the reference takes"
        return f"{slow}: stopped{numbers} after more than {about['least']:g} s. Allowed, for all its cases, are {rule}."
    if "least" in about:
        return f"Does not come back: stopped after more than {about['least']:g} s."
    return f"{slow}."


def _not_tried(otherwise: str) -> Callable[[Values], str]:
    """The sentence of a process that ended, or of a check that it never came to."""
    return lambda a: "Was not tried: an earlier check had ended the process." if a.get("after") else otherwise


HALF = ": half of the points, as follow-through."

# By code, the sentence that may always be shown.
BRIEF: dict[str, Callable[[Values], str]] = {
    **RULES,
    # Of a kind of another package, or of an author: its own words.
    "said": lambda a: str(a["text"]),
    # Values.
    "wrong_type": lambda a: f"Returns {KINDS[a['kind']]}; {_wanted(a)} is asked for.",
    "wrong_shape": lambda _: "Returns an array of a wrong shape.",
    "one_number": lambda _: "Returns one number; an array is asked for.",
    "no_single_number": lambda a: (
        f"Returns an array{' with one number in it (take it out: x.item())' if a.get('one') else ''}; "
        "one real number is asked for."
    ),
    "wrong_parts": lambda _: "Returns a wrong number of parts.",
    "wrong_keys": lambda _: "Returns a dict with wrong keys.",
    "nan": lambda _: "Returns nan (not a number).",
    "infinite": lambda _: "Returns a value that is infinite where it should not be.",
    "wrong_value": lambda a: f"{WRONG_VALUE}{_digits(a)}",
    "unreadable": lambda _: "Returns something that cannot be read as a value.",
    "changes_arguments": lambda _: "Changes the arguments that it is given; work on a copy.",
    "warns": lambda _: "The value is right, but NumPy gives a RuntimeWarning on the way.",
    "not_accepted": lambda a: str(a["why"]),
    # No value.
    "not_written": lambda _: "Is not written yet (NotImplementedError).",
    "raised": lambda a: f"Raises {a['error'] or 'an exception of its own'}{_where(a)}{_code(a)}.",
    "memory_error": lambda a: f"Needs more memory than allowed{_where(a)}.",
    "ended_timeout": _out_of_time,
    "ended_memory": _not_tried("Needs more memory than allowed."),
    "ended_crashed": _not_tried("Ends the Python process."),
    "ended_output": _not_tried("Gives back or writes more than allowed."),
    "no_function": lambda _: "There is no function of this name.",
    "no_such_function": lambda a: f"There is no function {a['function']}.",
    "function_not_run": lambda a: (
        f"There is no function {a['function']}: it stands in {a['passed_over']}, and is not run. Make it a code cell."
    ),
    "raises_another": lambda a: f"Raises {a['error'] or 'an exception of its own'}; {a['promised']} is promised.",
    "does_not_raise": lambda a: f"Does not raise {a['promised']} where it is promised.",
    # Derivations.
    "no_lines": lambda _: "Is not a list of (relation, step) pairs, each a text and a function.",
    "first_is_not_start": lambda _: 'The first relation is not "start".',
    "no_relation": lambda a: (
        f'The relation of line {a["line"]} is none of "=", "<=", ">=" (you may also write "==", "≤", "≥").'
    ),
    "one_line": lambda _: "There is one line: a proof leads from one side of the claim to the other.",
    "both_relations": lambda _: 'A chain with both "<=" and ">=" proves neither.',
    "other_claim": lambda a: f"This shows {BOUNDS[a['shows']]}; {BOUNDS[a['asked']]} is asked for.",
    "line_reason": lambda a: f"Line {a['line']} {reason(a['reason'])}.",
    "wrong_end": lambda a: f"The {a['end']} line is not the {a['side']}-hand side of the claim.",
    "broken_link": lambda a: (
        f'The link from line {a["line"]} to line {a["line"] + 1} breaks: "{a["relation"]}" does not hold.'
    ),
    "coarse_line": lambda a: (
        f"Line {a['line']} is the side of the claim but for {a['by']} of its size: compute it more finely, without "
        "small constants, rounding or a coarse grid."
    ),
    "coarse_link": lambda a: (
        f"The link from line {a['line']} to line {a['line'] + 1} is off by {a['by']} of its size, and so "
        f'"{a["relation"]}" does not hold: compute both lines more finely, without small constants, rounding or a '
        "coarse grid."
    ),
    "no_formula": lambda a: (
        f"Line {a['line']} {reason(a['reason'])} where an assumption of the claim does not hold. A line is a formula "
        "in the ingredients, for whatever ingredients."
    ),
    "end_no_formula": lambda a: (
        f"The {a['end']} line is a side of the claim only as long as the assumptions hold. Write that side as it "
        "stands in the claim, from its own ingredients; what you put in their place is a step of the proof."
    ),
    "facts_at_once": _at_once,
    "facts_unused": lambda a: f"Nowhere is it used {_that(a['facts'])}.",
    "facts_hints": lambda a: " ".join(a["hints"]),
    # The submission as a whole.
    "no_file": lambda a: f"There is no file {a['module']}.py or {a['module']}.ipynb.",
    "not_read": lambda a: str(a["problem"]),
    "not_text": lambda a: (
        f"{a['path']} is not UTF-8 text: it is in {a.get('encoding', 'another encoding')}. Save it as UTF-8."
    ),
    "more_failed_statements": lambda a: f"{a['count']} more statements failed on import.",
    "waits": lambda _: "Waits for a person to mark it.",
    "grader_failed": lambda a: (
        f"The grader failed ({a['error']}); this is not the student's fault, and no score is recorded."
    ),
    # Why there is no counterexample.
    "on_none_of_these": lambda a: (
        f"This happened on a hidden case, and on none of {a['tried']} others that were tried: which cases are rare?"
    ),
    "too_large_to_show": lambda _: "The cases of this check have too many numbers to show one.",
    "no_other_case": lambda _: "This check has no cases but the hidden ones; its title says what they are.",
    "no_case_shown": lambda _: "The course shows no case of this check.",
    # Follow-through.
    "gradient_of_own": lambda a: f"It is the gradient of your own {a['function']}, which is wrong{HALF}",
    "right_on_own": lambda a: f"{_own(a)}{HALF}",
    # Hints.
    "known_mistake": _hints,
    "near_name": lambda a: f"There is one named {a['name']}: was it meant?",
    "divided_by_examples": lambda a: (
        f"On all {a['cases']} cases your result is the right one divided by the number of examples: sum or mean?"
    ),
    "times_examples": lambda a: (
        f"On all {a['cases']} cases your result is the right one times the number of examples: mean or sum?"
    ),
    "opposite_sign": lambda a: f"On all {a['cases']} cases your result has the right size and the opposite sign.",
    "times": lambda a: f"On all {a['cases']} cases your result is {a['factor']} times the right one.",
    "more_than": lambda a: f"On all {a['cases']} cases your result is {a['by']} more than the right one.",
    "less_than": lambda a: f"On all {a['cases']} cases your result is {a['by']} less than the right one.",
    "transposed": lambda a: f"On all {a['cases']} cases your result is the right one with rows and columns exchanged.",
    "axes_reversed": lambda a: f"On all {a['cases']} cases your result is the right one, its axes in reverse order.",
    "first_axes_swapped": lambda a: (
        f"On all {a['cases']} cases your result is the right one with its first two axes exchanged: "
        "np.meshgrid does that unless it is called with indexing='ij'."
    ),
    "flattened": lambda a: f"On all {a['cases']} cases you return the right numbers in one row: the shape is lost.",
    "log_base": lambda a: (
        f"On all {a['cases']} cases your result is the right one with logarithms of base {a['base']}: "
        "the logarithm is the natural one."
    ),
    "constant": lambda a: f"You return the same on all {a['cases']} cases, whatever the arguments are.",
    "single_precision": lambda a: (
        f"On all {a['cases']} cases your result is right to about {a['digits']} digits and comes as float32, which "
        "holds no more than 7: compute in float64."
    ),
    "few_digits": lambda a: (
        f"On all {a['cases']} cases your result is right to about {a['digits']} digits, and more are asked for: is "
        "something rounded, cut short, sampled, or on too coarse a grid?"
    ),
    "by_differences": lambda a: (
        f"On all {a['cases']} cases your result is right to about {a['digits']} digits, and more are asked for: "
        "differences of the function give no more; work the derivative out."
    ),
    "times_argument": lambda a: (
        f"On all {a['cases']} cases your result is {a['form'].format(a['argument'])} times the right one."
    ),
    "parts": lambda a: _parts(a),
    "only_where": lambda a: f"It is right on all {a['right']} cases but those {SITUATIONS[a['where']]}: look at these.",
    "labels_as_0_1": lambda a: (
        f"It would be right if {a['argument']} were 0 and 1; they are -1 and +1 ({a['cases']} of {a['cases']} cases)."
    ),
    "labels_turned": lambda a: (
        f"It would be right if {a['argument']} were turned, -1 for +1 ({a['cases']} of {a['cases']} cases)."
    ),
    "exchanged": lambda a: (
        f"It would be right if {' and '.join(a['arguments'])} were exchanged ({a['cases']} of {a['cases']} cases): "
        "which is which?"
    ),
    "argument_taken_for": lambda a: (
        f"It works with {a['taken_for'].format(a['argument'])} where {a['argument']} is asked for: "
        f"so it is on all {a['cases']} cases tried."
    ),
    "argument_negated": lambda a: (
        f"It would be right for -{a['argument']} in place of {a['argument']} ({a['cases']} of {a['cases']} cases)."
    ),
}

# By code, the sentence with numbers of the case, where there is more to say than the brief one.
DETAIL: dict[str, Callable[[Finding], str]] = {
    "said": lambda f: str(f.case.get("detail") or f.about["text"]),
    "wrong_type": lambda f: f"It returned {f.case['got']}.",
    "wrong_shape": lambda f: f"It returned shape {f.case['got']}; shape {f.case['expected']} is asked for.",
    "one_number": lambda f: f"It returned shape {f.case['got']}; shape {f.case['expected']} is asked for.",
    "no_single_number": lambda f: f"It returned shape {f.case['got']}; shape {f.case['expected']} is asked for.",
    "wrong_parts": lambda f: f"It returned {f.case['got']} parts; {f.case['expected']} are asked for.",
    "wrong_keys": lambda f: f"It returned the keys {f.case['got']}; {f.case['expected']} are asked for.",
    "nan": lambda f: f"It returned nan{_at(list(f.case['at']))}.",  # type: ignore[arg-type]
    "infinite": _errors,
    "wrong_value": _errors,
    "unreadable": lambda f: f"{f.case['detail']}.",
    "changes_arguments": lambda f: (
        f"The value is right, but the argument {f.case['name']} was {f.case['before']} before the call, "
        f"and is {f.case['after']} after it."
        if "name" in f.case
        else "The value is right, but the arguments were changed."
    ),
    "warns": lambda f: f"The value is right, but NumPy warns on the way: {f.case['warning']}.",
    "not_written": lambda _: "It is not written yet.",
    "raised": lambda f: f"It raised {f.case['error']}: {f.case['message']}{_where(f.about)}{_code(f.about)}.",
    "memory_error": lambda f: f"{f.case['message']}{_where(f.about)}.",
    "ended_memory": lambda f: f"{str(f.case['detail']).capitalize()}.",
    "ended_crashed": lambda f: f"{raised_text(str(f.case['detail']))}.",
    "ended_output": lambda f: f"{raised_text(str(f.case['detail']))}.",
    "raises_another": lambda f: f"It raised {f.case['error']}: {f.case['message']}; {f.about['promised']} is promised.",
    "does_not_raise": lambda _: "It returned a value.",
    "no_lines": lambda _: "It must be a list of (relation, step) pairs, each a text and a function.",
    "first_is_not_start": lambda _: 'The first relation must be "start".',
}


def brief(found: Finding) -> str:
    """The sentence of a finding that holds nothing of a hidden case."""
    about = found.about
    if found.part is not None:
        inner = lowered(brief(found.part))
        match found.code:
            case "in_part":
                return f"In {_part(about)} of the result: {inner}"
            case "not_imported":
                return f"{about['path']} cannot be imported: it {inner}"
            case "parts":
                return _same_of_parts(found, inner)
            case "value_first":
                if found.part.code == "wrong_value":
                    return "Not counted: the value is wrong."
                return f"Not counted, since the value is wrong: {inner}"
            case "failed_statement":
                # An exception says itself where it was raised.
                return f"A statement{_where(about)} {inner} What follows it was graded all the same."
    return BRIEF[found.code](about)


def detail(found: Finding) -> str:
    """The sentence of a finding with the numbers of its case."""
    if found.part is not None:
        inner = detail(found.part)
        match found.code:
            case "in_part":
                return f"In {_part(found.about)}: {inner}"
            case "value_first":
                return f"Not counted, since the value is wrong. {inner}"
            case "not_imported":
                return f"{found.about['path']} cannot be imported. {inner}"
    told = DETAIL.get(found.code)
    return brief(found) if told is None else told(found)
