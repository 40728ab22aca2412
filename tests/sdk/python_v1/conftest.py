"""Fixtures of the suite."""

import pytest

# Before the import: a check that fails in there shall show its values too.
pytest.register_assert_rewrite("clients")

from clients import register, root_key
from seeded import Account, standing_world


@pytest.fixture
def account():
    """A new account of this test alone."""
    pk = register()["PK"]
    return Account(pk, root_key(pk))


@pytest.fixture
def world():
    """A new world of this test alone, whose clock stands still."""
    with standing_world() as made:
        yield made
