"""Requests of other shapes: answers in XML, parameters in a form body."""

import json
from xml.etree import ElementTree

import pytest
from clients import RAM, Common, client, refused
from seeded import REQUEST_ID

ANY_RAM = Common("Ram", "2015-05-01")


def xml(key, request):
    """Sends a request and parses the answer as XML. The SDK's newer call always asks for JSON."""
    request.set_accept_format("XML")
    with pytest.warns(DeprecationWarning):
        return ElementTree.fromstring(client(key).do_action(request))


def test_a_list_in_xml_repeats_its_element(account):
    for name in ["alice", "bob"]:
        RAM(account.key, "CreateUser", UserName=name)

    root = xml(account.key, ANY_RAM.request("ListUsers"))

    assert root.tag == "ListUsersResponse"
    assert [user.findtext("UserName") for user in root.findall("Users/User")] == ["alice", "bob"]
    assert root.findtext("IsTruncated") == "false"
    assert REQUEST_ID.fullmatch(root.findtext("RequestId"))


def test_a_refusal_in_xml_is_an_error_element(account):
    root = xml(account.key, ANY_RAM.request("GetUser", UserName="nobody"))

    assert root.tag == "Error"
    assert (root.findtext("Code"), root.findtext("Message")) == ("EntityNotExist.User", "account not exists")
    assert REQUEST_ID.fullmatch(root.findtext("RequestId"))


def test_parameters_may_come_in_a_form_body(account):
    request = ANY_RAM.request("CreateUser", UserName="alice")
    request.set_method("POST")
    request.add_body_params("Comments", "in the body: ä +&=%20")

    body = json.loads(client(account.key).do_action_with_exception(request))

    assert (body["User"]["UserName"], body["User"]["Comments"]) == ("alice", "in the body: ä +&=%20")
    with refused(409, "EntityAlreadyExists.User"):
        RAM(account.key, "CreateUser", UserName="alice")
