"""Calls as a user of the program makes them: parameters, methods, pages, printing, and what it says of a refusal."""

import json

import pytest
from cli import AAS, key_of, refusal
from seeded import DATE, REQUEST_ID, control, trust

TEXT = "测试 a*b~c+d/e&f=g%20"


def names(text):
    return [line.split("|")[0].strip() for line in text.splitlines() if line]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_given_arrives_unchanged_by_either_method(shop, method):
    made = shop.ok("ram", "CreateUser", "--method", method, UserName="alice", DisplayName=TEXT, Comments="")

    user = shop.ok("ram", "GetUser", "--method", method, UserName="alice")["User"]

    assert (user["UserName"], user["DisplayName"], user["Comments"]) == ("alice", TEXT, "")
    assert user["UserId"] == made["User"]["UserId"] and DATE.fullmatch(user["CreateDate"])
    assert REQUEST_ID.fullmatch(made["RequestId"])


def test_every_product_finds_its_way(shop, account):
    assert shop.ok("sts", "GetCallerIdentity")["Arn"] == f"acs:ram::{account.pk}:root"
    assert shop.ok("ram", "ListUsers")["Users"] == {"User": []}
    (key,) = shop.ok("ims", "ListAccessKeys")["AccessKeys"]["AccessKey"]
    assert key["AccessKeyId"] == account.key.id
    shop.refused("Not Bid", "aas", "ListAccessKeysForAccount", *AAS, PK=account.pk)


def test_an_action_that_a_world_answers_in_place_of_the_service_is_called_by_name(aliyun, world):
    stub = {"product": "ResourceManager", "action": "ListResourceGroups", "body": {"TotalCount": 0}}
    control("PUT", f"worlds/{world.name}/stubs", {"stubs": [stub]})

    answer = aliyun.as_(world.account.key).ok("resourcemanager", "ListResourceGroups", PageSize="10")

    assert answer["TotalCount"] == 0 and REQUEST_ID.fullmatch(answer["RequestId"])


def test_a_policy_comes_from_a_file(shop, tmp_path):
    document = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:List*", "Resource": "*"}]})
    (tmp_path / "policy.json").write_text(document)

    shop.ok("ram", "CreatePolicy", **{"PolicyName": "readers", "PolicyDocument-FILE": str(tmp_path / "policy.json")})

    shown = shop.ok("ram", "GetPolicy", PolicyName="readers", PolicyType="Custom")
    assert shown["DefaultPolicyVersion"]["PolicyDocument"] == document


def test_pages_are_joined(shop, account):
    trusted = trust({"RAM": f"acs:ram::{account.pk}:root"})
    for name in ["ann", "bob", "eve"]:
        shop.ok("ram", "CreateRole", RoleName=name, AssumeRolePolicyDocument=trusted)
        tags = json.dumps([{"Key": "team", "Value": name}])
        shop.ok("ram", "TagResources", ResourceType="role", ResourceNames=json.dumps([name]), Tag=tags)

    seen = shop.ok("ram", "ListTagResources", "--pager", "path=TagResources", ResourceType="role", PageSize="1")

    assert sorted(tag["TagValue"] for tag in seen["TagResources"]) == ["ann", "bob", "eve"]


def test_pages_of_ram_are_read_by_their_marker(shop):
    for name in ["ann", "bob", "eve"]:
        shop.ok("ram", "CreateUser", UserName=name)

    first = shop.ok("ram", "ListUsers", MaxItems="2")
    second = shop.ok("ram", "ListUsers", MaxItems="2", Marker=first["Marker"])

    pages = [[user["UserName"] for user in page["Users"]["User"]] for page in (first, second)]
    assert pages == [["ann", "bob"], ["eve"]]
    assert first["IsTruncated"] is True and second["IsTruncated"] is False


def test_answers_are_cut_to_columns_and_by_expressions(shop):
    for name in ["ann", "bob"]:
        shop.ok("ram", "CreateUser", UserName=name)

    table = shop.text("ram", "ListUsers", "--output", "cols=UserName,DisplayName", "rows=Users.User")
    chosen = shop.ok("ram", "ListUsers", "--cli-query", "Users.User[].UserName")

    assert names(table) == ["UserName", "--------", "ann", "bob"]
    assert chosen == ["ann", "bob"]


def test_an_answer_in_xml_is_printed_as_it_is(shop):
    text = shop.text("ram", "ListUsers", "--header", "Accept=application/xml")

    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?><ListUsersResponse><RequestId>")


def test_the_program_waits_for_what_it_was_told(shop):
    shop.ok("ram", "CreateUser", UserName="alice")

    user = shop.ok("ram", "GetUser", "--waiter", "expr=User.UserName", "to=alice", UserName="alice")

    assert user["User"]["UserName"] == "alice"


def test_a_refusal_has_its_code_its_text_and_the_id_of_the_request(shop):
    shop.ok("ram", "CreateUser", UserName="alice")

    seen = shop.refused("EntityAlreadyExists.User", "ram", "CreateUser", UserName="alice")

    assert seen.message == "The user does already EXIST."
    about = f"q=EntityAlreadyExists.User&product=Ram&requestId={seen.request_id}"
    assert seen.recommend == f"https://api.aliyun.com/troubleshoot?{about}"


def test_a_refusal_of_permission_tells_what_was_asked_of_whom(shop, account):
    user = shop.ok("ram", "CreateUser", UserName="alice")["User"]
    alice = shop.as_(key_of(shop.ok("ram", "CreateAccessKey", UserName="alice")))

    seen = alice.refused("NoPermission", "ram", "ListUsers")

    asked = f"Resource: acs:ram:*:{account.pk}:user/* Action: ram:ListUsers"
    assert seen.message == f"You are not authorized to do this action. {asked}"
    details = ["AuthAction:ram:ListUsers", f"AuthPrincipalDisplayName:{user['UserId']}", "NoPermissionType:ImplicitDeny"]
    assert all(detail in seen.denied for detail in details)


def test_an_action_that_the_program_does_not_list_is_sent_by_force(shop):
    seen = shop.refused("InvalidAction.NotFound", "ram", "GetNothing", "--force")

    assert seen.message == "Specified api is not found, please check your url and method."


def test_parameters_that_are_missing_or_unknown_are_found_before_a_call(shop):
    missing, unknown = shop.call("ram", "DeleteUser"), shop.call("ram", "GetUser", UserNmae="alice")

    assert unknown.returncode == 2 and "'--UserNmae' is not a valid parameter or flag" in unknown.stderr
    # The service is asked when the list says that a parameter may be left out.
    refusal(missing, "MissingUserName")


def test_a_wrong_secret_is_told_from_a_wrong_signature(shop, account):
    wrong = shop.as_(account.key._replace(secret="0" * 30))

    seen = wrong.refused("SignatureDoesNotMatch", "sts", "GetCallerIdentity")

    # The SDK says so when the string that the service signed is its own.
    assert seen.recommend == "InvalidAccessKeySecret: Please check you AccessKeySecret"
    beginning = "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3D"
    assert seen.message.startswith(beginning)


def test_a_call_that_may_come_again_later_does(aliyun, world):
    throttled = {"error": {"code": "Throttling.User", "retryAfter": "20ms"}}
    world.post("faults", match={"product": "Ram"}, when={"first": 2}, do=throttled)

    done = aliyun.as_(world.account.key).call("ram", "ListUsers")

    assert done.returncode == 0 and json.loads(done.stdout)["Users"] == {"User": []}
    assert len(control("GET", f"worlds/{world.name}/requests")["requests"]) == 3
