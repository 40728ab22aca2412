"""Fixtures of the suite."""

import pytest

# Before the import: a check that fails in there shall show its values too.
pytest.register_assert_rewrite("clients")

from clients import Stage, new_world
from odps.rest import RestClient


@pytest.fixture
def stage():
    """A new world of this test alone."""
    with new_world() as made:
        yield Stage(*made)


@pytest.fixture
def late_stage():
    """The same, with a gateway whose clock is twenty minutes ahead."""
    with new_world(gateway="20m") as made:
        yield Stage(*made)


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    """pyodps remembers for the whole process which endpoints it does not sign with V4 any more."""
    RestClient._endpoints_without_v4_sign.clear()
