"""The examples of README.md, as they are there."""

import pathlib
import re
import sys

import pytest

README = pathlib.Path(__file__).parents[1] / "README.md"
SNIPPETS = [
    text for text in re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S) if "alimock.testcontainers" not in text
]


@pytest.mark.parametrize("n", range(len(SNIPPETS)))
def test_an_example_runs(pytester, n):
    text = SNIPPETS[n]
    file = pytester.makepyfile(test_readme=text)
    if "AlimockTestCase" in text:
        result = pytester.run(sys.executable, "-m", "unittest", file.name)
        assert result.ret == 0 and "Ran 1 test" in result.stderr.str(), result.errlines
    elif "def test_" in text:
        pytester.runpytest_subprocess(file).assert_outcomes(passed=1)
    else:
        result = pytester.run(sys.executable, file)
        assert result.ret == 0 and "LTAI5tLeakedKeyOfCi0001" in result.stdout.str(), result.errlines


def test_all_examples_were_found():
    assert len(SNIPPETS) == 3
