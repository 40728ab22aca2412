"""Fixtures of the suite."""

import pytest

# Before the import: a check that fails in there shall show its values too.
pytest.register_assert_rewrite("clients")

from clients import Account, register, root_key


@pytest.fixture
def account():
    """A new account of this test alone."""
    pk = register()["PK"]
    return Account(pk, root_key(pk))
