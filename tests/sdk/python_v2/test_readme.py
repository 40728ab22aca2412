"""The Python snippet of the README runs as it stands."""

import pathlib
import re

import pytest
from seeded import WAY


@pytest.mark.skipif(WAY != "plain", reason="it is about plain HTTP")
def test_the_snippet_of_the_readme_creates_a_user():
    readme = pathlib.Path(__file__).parents[3] / "README.md"
    (snippet,) = re.findall(r"```python\n(.*?)```", readme.read_text(), re.DOTALL)
    names = {}

    exec(compile(snippet, "README.md", "exec"), names)

    user = names["ram"].get_user(names["models"].GetUserRequest(user_name="alice")).body.user
    assert user.user_name == "alice"
