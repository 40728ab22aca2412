"""Every operation of IMS and of the two products of the organisation, through their packages."""

import json

import pytest
import walks
from alibabacloud_resourcedirectorymaster20220419 import client as directory_client, models as directory_models
from alibabacloud_resourcemanager20200331 import client as manager_client, models as manager_models
from alibabacloud_tea_openapi.exceptions import ClientException
from clients import IMS, RAM, STS, Package, config

PACKAGES = {
    "Ims": IMS,
    "Ram": RAM,
    "ResourceDirectoryMaster": Package(directory_client.Client, directory_models),
    "ResourceManager": Package(manager_client.Client, manager_models),
    "Sts": STS,
}


def nested(params):
    """The tree that a request of the SDK is made from: `Tag.1.Key` is a field of the first of the list `Tag`."""
    tree = {}
    for name, value in params.items():
        *path, last = name.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return lists(tree)


def lists(tree):
    """The tree with every mapping by numbers as a list."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(name.isdigit() for name in tree):
        return [lists(tree[name]) for name in sorted(tree, key=int)]
    return {name: lists(value) for name, value in tree.items()}


def as_declared(request, params):
    """The parameters with lists as lists, where the SDK writes the JSON itself."""
    kinds = {name.replace("_", ""): str(kind) for name, kind in request.__init__.__annotations__.items()}
    is_list = {name for name in params if kinds.get(name.lower(), "").startswith("List[")}
    return {name: items(value) if name in is_list else value for name, value in params.items()}


def items(text):
    """The items of a JSON list. What an item holds that is no text goes as JSON."""
    return [
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in item.items()}
        if isinstance(item, dict)
        else item
        for item in json.loads(text)
    ]


def call(key, operation, params):
    """Sends a call through the package of its product."""
    product, action = operation.split(".")
    package = PACKAGES[product]
    request = getattr(package.models, f"{action}Request", None)
    method = package.method(config(key), action)
    try:
        answer = method(request().from_map(nested(as_declared(request, params)))) if request else method()
    except ClientException as error:
        return error.status_code, error.data
    return answer.status_code, answer.body.to_map()


@pytest.mark.parametrize("name", walks.of("Ims", "ResourceManager", "ResourceDirectoryMaster"))
def test_a_walk_succeeds_through_the_official_packages(name):
    assert walks.Walk(name, call).take()
