"""The library as a whole."""

import pathlib
import re

from stage import HERE, SCENARIOS


def test_every_scenario_is_shown_by_one_test():
    tests = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    shown = sorted(re.findall(r'^@pytest\.mark\.shows\("([^"]+)"\)$', tests, re.MULTILINE))

    # What every other suite starts from needs no showing.
    files = sorted(path.stem for path in SCENARIOS.glob("*.yaml") if path.stem != "default")
    assert shown == files
