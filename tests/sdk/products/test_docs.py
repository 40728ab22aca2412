"""The Python snippets of docs/products.md run as they stand."""

import pathlib
import re

import oss2


def test_the_snippets_of_the_page_work(monkeypatch, capsys):
    page = pathlib.Path(__file__).parents[3] / "docs" / "products.md"
    maxcompute, oss, oss_v2, sls = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    names = {}
    for snippet in [maxcompute, oss, oss_v2]:
        exec(compile(snippet, "docs/products.md", "exec"), names)

    assert names["projects"] == []
    assert names["bucket"].get_bucket_info().location == "oss-cn-hangzhou"
    assert names["buckets"] == ["my-bucket"]
    names["bucket"].delete_bucket()
    assert isinstance(names["bucket"], oss2.Bucket)
    # The snippet sets it; the test gives it back.
    monkeypatch.setenv("http_proxy", "")
    exec(compile(sls, "docs/products.md", "exec"), names)
    assert capsys.readouterr().out.startswith("InvalidMethod alimock does not run this request")
