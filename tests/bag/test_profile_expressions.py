"""Regular expressions of profiles: the same answers as Python's `re`, in bounded time."""

import re
import warnings
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confocal_bag.bag.profiles.expressions import Expression, ExpressionFault, StepLimit, TooMuchWork

EXPRESSIONS = [
    (r"", "", True),
    (r"", "a", False),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-11-24", True),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-11-24x", False),
    (r"^open$|^closed$", "closed", True),
    (r"open|closed", "opened", False),
    (r"https?://[^/\s]+/.*", "https://example.org/a b", True),
    (r"a{2,3}", "aaaa", False),
    (r"a{,2}", "", True),
    (r"a{2,}", "aaaaa", True),
    (r"a{x}", "a{x}", True),
    (r"a{}", "a{}", True),
    (r"(?:ab)+?(?P<tail>c)?", "ababc", True),
    (r"(?i)open", "OpEn", True),
    (r"(?i)[a-c]+", "ABC", True),
    (r"[]a-]+", "]-a", True),
    (r"[^]]", "]", False),
    (r"[\d\-.]+", "1-2.3", True),
    (r"[a\]b]+", "a]b", True),
    (r"\w+\s\W", "caf\u00e9 !", True),
    (r"\D\S", "a1", True),
    (r"\x41\u00e9\U0001F600\t\.", "A\u00e9\U0001f600\t.", True),
    (r"\Aab\Z", "ab", True),
    (r"a^b", "ab", False),
    (r"a$b", "ab", False),
    (r"()*x", "x", True),
    (r"(a*)*", "aaa", True),
    (r"(a|b|)+c", "abac", True),
    (r"(|a)b", "ab", True),
    (r".", "\n", False),
    (r"a$", "a\n", False),
]


@pytest.mark.parametrize(("source", "text", "expected"), EXPRESSIONS)
def test_an_expression_matches_the_whole_value_or_not(source: str, text: str, *, expected: bool) -> None:
    """As `re.fullmatch` says."""
    assert Expression(source).matches(text) is expected
    assert (re.fullmatch(source, text) is not None) is expected


atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[b-d]", r"\d", r"\w", r"\.", "^", "$", "-", "1", ""])
expressions = st.recursive(
    atoms,
    lambda inside: (
        st.tuples(inside, inside).map("".join)
        | st.tuples(inside, inside).map("|".join)
        | inside.map(lambda one: f"({one})")
        | st.tuples(inside, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}", "*?", "??"])).map(
            lambda one: f"(?:{one[0]}){one[1]}"
        )
    ),
    max_leaves=8,
)


@given(expressions, st.text("ab1-.d", max_size=8))
@settings(max_examples=400)
def test_it_agrees_with_re_on_whatever_both_can_read(source: str, text: str) -> None:
    """Groups, choices and repeats in any nesting."""
    assert Expression(source).matches(text) is (re.fullmatch(source, text) is not None)


def read(source: str) -> tuple[Expression | None, bool]:
    """The expression as it is read here, or whether it is malformed."""
    try:
        return Expression(source), False
    except ExpressionFault as fault:
        return None, fault.is_malformed


def compiled(source: str) -> re.Pattern[str] | None:
    """The expression as Python reads it, None where that is malformed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(source)
        except re.error:
            return None


@given(st.text(r"ab01()[]{}*+?|^$.,\-dwsxu:P<>=!", max_size=14), st.text("ab01-", max_size=5))
@settings(max_examples=600)
def test_no_text_makes_it_crash_and_what_it_reads_it_reads_as_re_does(source: str, text: str) -> None:
    """What it does not offer is refused, never read as something else."""
    expression, is_malformed = read(source)
    if expression is None:
        assert not is_malformed or compiled(source) is None
        return
    expected = compiled(source)
    assert expected is not None
    assert expression.matches(text) is (expected.fullmatch(text) is not None)


@pytest.mark.parametrize("source", [r"(a+)+b", r"(a|a)*b", r"(a|aa)+b", r"(.*a){20}b", r"(a?){50}a{50}b", r"((a*)*)*b"])
def test_an_expression_made_to_take_for_ever_does_not(source: str) -> None:
    """Python's `re` would need years for most of these."""
    assert Expression(source).matches("a" * 300) is False


MALFORMED = [
    "(",
    ")",
    "a)",
    "[",
    "[a",
    "*",
    "a**",
    "a{2}{3}",
    "(?:",
    "a{3,2}",
    "\\",
    r"\q",
    r"\x1",
    "[b-a]",
    r"[\d-z]",
    "^*",
    "{2}",
    "a|{,3}",
]
NOT_OFFERED = [
    r"(?=a)",
    r"(?!a)",
    r"(?<=a)b",
    r"(a)\1",
    r"\bword\b",
    r"(?s).",
    r"(?P=name)",
    r"a*+",
    r"\012",
    "a{1,100000}",
    "(a{100}){100}",
    "((a{1,50}){1,50}){1,50}",
    "a" * 1001,
    "(" * 60 + ")" * 60,
]


@pytest.mark.parametrize("source", MALFORMED)
def test_a_mistake_in_an_expression_is_told_from_what_is_not_offered(source: str) -> None:
    """The author of the profile has to correct it."""
    with pytest.raises(ExpressionFault) as refused:
        Expression(source)
    assert refused.value.is_malformed


@pytest.mark.parametrize("source", NOT_OFFERED)
def test_what_cannot_be_matched_in_bounded_time_is_not_offered(source: str) -> None:
    """It is no mistake of the profile's."""
    with pytest.raises(ExpressionFault) as refused:
        Expression(source)
    assert not refused.value.is_malformed


def test_the_work_of_all_expressions_together_is_bounded() -> None:
    """A million repeated labels do not make a million times the time."""
    limit = StepLimit(left=1000)
    expression = Expression("(a|b)*", limit)
    compared = 0
    with suppress(TooMuchWork):
        while compared < 1000:
            expression.matches("ab")
            compared += 1
    assert 10 < compared < 1000
    with pytest.raises(TooMuchWork):
        Expression("a", limit).matches("a")


def test_a_very_long_value_is_not_compared() -> None:
    """And the exception says so."""
    with pytest.raises(TooMuchWork, match="10,001 characters"):
        Expression(".*").matches("a" * 10_001)
