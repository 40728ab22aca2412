"""What the documentation says of ways to the emulator, and what only some of them lead to."""

import asyncio

import pytest
import recipe
from clients import STS, config
from seeded import DEMO, WAY

NO_VARIABLES = "nothing sets a key in there"


@pytest.mark.skipif(WAY == "hosts", reason=NO_VARIABLES)
def test_the_recipe_of_the_documentation_runs():
    assert getattr(recipe, WAY)().endswith(":root")


def test_asynchronous_calls_come_the_same_way():
    answer = asyncio.run(STS.client(config(DEMO)).get_caller_identity_async())

    assert answer.body.arn.endswith(":root")
