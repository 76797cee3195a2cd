"""Every rule is documented, and the tests saw it pass and saw it fail. Runs last, over what the other tests did."""

import os
from pathlib import Path

import pytest

from confocal_bag.catalogue import all_rules
from tests.recording import unseen

TESTS = Path(__file__).resolve().parent


def test_every_rule_says_what_it_is_about() -> None:
    """A sentence for users, a family and a name."""
    for one in all_rules().values():
        first = one.documentation.split()[0]
        assert first[0].isupper() or ".txt" in first or ".yaml" in first, one.id
        assert one.documentation.rstrip().endswith("."), one.id
        family, name = one.id.split(".")
        assert family.islower(), one.id
        assert name == name.lower(), one.id


def test_every_rule_was_seen_to_pass_and_to_fail(request: pytest.FixtureRequest) -> None:
    """A rule without a good case and a bad case in the tests is not known to work."""
    collected = {item.path for item in request.session.items}
    if not collected >= set(TESTS.rglob("test_*.py")) or request.config.option.keyword:
        pytest.skip("only a run of all tests can tell")
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("each process saw a part; conftest.py asks when all have ended")
    assert unseen() == {}
