"""The Python snippets of docs/products.md run as they stand."""

import pathlib
import re

import oss2


def test_the_snippets_of_the_page_work():
    page = pathlib.Path(__file__).parents[3] / "docs" / "products.md"
    maxcompute, oss, oss_v2 = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    names = {}
    for snippet in [maxcompute, oss, oss_v2]:
        exec(compile(snippet, "docs/products.md", "exec"), names)

    assert names["projects"] == []
    assert names["bucket"].get_bucket_info().location == "oss-cn-hangzhou"
    assert names["buckets"] == ["my-bucket"]
    names["bucket"].delete_bucket()
    assert isinstance(names["bucket"], oss2.Bucket)
