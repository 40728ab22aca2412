"""OSS through oss2 and alibabacloud-oss-v2, each with both generations of signatures."""

import oss2
import pytest
import requests
from clients import PACKAGES, Oss2, Stage, new_world, oss_refuses, statement
from seeded import ENDPOINT, Key

every_package = pytest.mark.parametrize("package", PACKAGES)
NOT_YOURS = "The bucket you access does not belong to you."
NOT_THERE = "The OSS Access Key Id you provided does not exist in our records."


@every_package
def test_a_bucket_is_made_listed_read_and_deleted(stage, package):
    root = stage.key()

    package.make(root, "made-here")

    assert package.names(root) == ["demo-data", "made-here"]
    assert package.shown(root, "made-here") == ("made-here", "oss-cn-hangzhou", "public-read", "IA")
    package.remove(root, "made-here")
    assert package.names(root) == ["demo-data"]
    with oss_refuses(package, 404, "NoSuchBucket", ec="0015-00000101"):
        package.remove(root, "made-here")
    assert set(stage.styles()) == {f"oss-{package.version}"}


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_the_real_endpoint_is_reached_through_the_emulator_as_a_proxy(stage, version):
    auth = Oss2(version).auth(stage.key())
    endpoint, proxies = "http://oss-cn-shanghai.aliyuncs.com", {"http": ENDPOINT}
    bucket = oss2.Bucket(auth, endpoint, "made-here", region="cn-shanghai", proxies=proxies)

    bucket.create_bucket()

    assert bucket.get_bucket_info().location == "oss-cn-shanghai"


@every_package
def test_a_bad_key_is_refused(stage, package):
    good = stage.key()
    number = {"v1": "0002-00000040", "v4": "0002-00000201"}[package.version]
    with oss_refuses(package, 403, "SignatureDoesNotMatch", "The request signature we calculated", number):
        package.names(Key(good.id, "wrong"))
    disabled = "The OSS Access Key Id you provided is disabled."
    with oss_refuses(package, 403, "InvalidAccessKeyId", disabled, "0002-00000904"):
        package.names(stage.key(status="Inactive"))
    with oss_refuses(package, 403, "InvalidAccessKeyId", NOT_THERE, "0002-00000902"):
        package.names(Key(f"{good.id[:-1]}x", good.secret))


@every_package
def test_a_session_is_good_until_it_ends(stage, package):
    session = stage.session("night")
    assert package.names(session) == ["demo-data"]

    with oss_refuses(package, 403, "AccessKeyIdAndSecurityTokenNotMatch"):
        package.names(session._replace(token=stage.session("day").token))
    with oss_refuses(package, 403, "InvalidSecurityToken", "The security token you provided is invalid.", "0002-00000006"):
        package.names(session._replace(token="nonsense"))
    lost = f"{NOT_THERE} The Security Token may be lost to specify that it is a STS Access Id."
    with oss_refuses(package, 403, "InvalidAccessKeyId", lost, "0002-00000003"):
        package.names(session._replace(token=None))
    with oss_refuses(package, 403, "InvalidAccessKeyId", NOT_THERE, "0002-00000002"):
        package.names(Key("LTAI5tNobodyHasThis00", "secret", "nonsense"))
    stage.advance("1h")

    with oss_refuses(package, 403, "SecurityTokenExpired", "The security token you provided has expired.", "0002-00000007"):
        package.names(session)


@every_package
def test_a_clock_that_is_off_is_told(late_stage, package):
    with oss_refuses(package, 403, "RequestTimeTooSkewed", "The difference between", "0002-00000504"):
        package.names(late_stage.key())


@every_package
def test_users_do_what_their_policies_allow(stage, package):
    package.make(stage.key("ci"), "ci-data")

    assert package.names(stage.key("ci")) == ["ci-data", "demo-data"]
    with oss_refuses(package, 403, "AccessDenied", NOT_YOURS, "0003-00000001"):
        package.make(stage.key("ci"), "other-data")
    with oss_refuses(package, 403, "AccessDenied", "You are forbidden to list buckets."):
        package.names(stage.key("guest"))


@every_package
def test_buckets_of_others_are_theirs(stage, package):
    with oss_refuses(package, 409, "BucketAlreadyExists", ec="0015-00000104"):
        package.make(stage.key(), "others-data")
    with oss_refuses(package, 403, "AccessDenied", NOT_YOURS, "0003-00000001"):
        package.remove(stage.key(), "others-data")


@every_package
def test_a_rule_says_what_the_account_is_refused_with(stage, package):
    stage.fault(match={"product": "Oss", "action": "PutBucket"}, do={"error": {"code": "UserDisable"}})

    with oss_refuses(package, 403, "UserDisable", "UserDisable", "0003-00000801"):
        package.make(stage.key(), "made-here")


@every_package
def test_an_account_that_nobody_has_verified_makes_no_bucket_in_the_mainland(stage, package):
    with oss_refuses(package, 403, "UserVerificationRequired", ec="0003-00000804"):
        package.make(stage.key(account="other"), "made-here")
    assert package.names(stage.key(account="other")) == ["others-data"]


@every_package
def test_services_go_on_in_arrears_and_stop_when_their_grace_is_over(stage, package):
    stage.state(status="ARREARS", balance=-12.5)
    assert package.names(stage.key()) == ["demo-data"]
    stage.advance("24h")
    with oss_refuses(package, 403, "UserDisable", "UserDisable", "0003-00000801"):
        package.names(stage.key())
    stage.state(status="NORMAL", balance=100)
    assert package.names(stage.key()) == ["demo-data"]


@every_package
def test_what_does_not_run_says_so_in_a_signed_url_too(stage, package):
    with oss_refuses(package, 400, "NotImplemented", "alimock does not run this request"):
        package.write(stage.key(), "demo-data")
    for key, code in [(stage.key(), "NotImplemented"), (stage.session("day"), "AccessDenied")]:
        answer = requests.get(package.url(key, "demo-data", 60), timeout=30)
        assert f"<Code>{code}</Code>" in answer.text
    answer = requests.get(package.url(stage.key()._replace(secret="wrong"), "demo-data", 60), timeout=30)
    assert (answer.status_code, "<Code>SignatureDoesNotMatch</Code>" in answer.text) == (403, True)


# ---- regions and hosts


@every_package
def test_a_bucket_of_another_region_names_its_endpoint(stage, package):
    with oss_refuses(package, 403, "AccessDenied", "The bucket you are attempting to access", "0003-00001403") as caught:
        package.acl_at(stage.key(), "demo-data", "oss-cn-beijing.aliyuncs.com", "cn-beijing")

    endpoint = package.element(caught.value, "Endpoint")
    assert endpoint == "oss-cn-hangzhou.aliyuncs.com"
    assert package.acl_at(stage.key(), "demo-data", endpoint, "cn-hangzhou") == "private"
    internal = "oss-cn-hangzhou-internal.aliyuncs.com"
    assert package.acl_at(stage.key(), "demo-data", internal, "cn-hangzhou") == "private"


@pytest.mark.parametrize("package", [one for one in PACKAGES if one.values[0].version == "v4"])
def test_v4_is_signed_for_the_region_of_the_host(stage, package):
    with oss_refuses(package, 400, "InvalidArgument", "Invalid signing region", "0002-00000226"):
        package.acl_at(stage.key(), "demo-data", "oss-cn-hangzhou.aliyuncs.com", "cn-beijing")


# ---- policies


@pytest.fixture
def folders():
    """A world with users and sessions whose policies are about objects."""
    folder = {"Action": ["oss:PutObject"], "Effect": "Allow", "Resource": "acs:oss:*:*:films/usr001/*"}
    listing = statement("Allow", "oss:ListObjects", "films", StringLike={"oss:Prefix": ["usr001/*"]})["Statement"]
    own = {"Version": "1", "Statement": [folder, *listing]}
    account = {
        "name": "demo",
        "realName": {"status": "VERIFIED"},
        "keys": [{}],
        "policies": [
            {"name": "All", "document": statement("Allow", "oss:*", "*")},
            {"name": "Own", "document": own},
            {"name": "NoSecrets", "document": statement("Deny", "oss:*", "films/secret/*")},
        ],
        "users": [
            {"name": "ci", "policies": ["Own"], "keys": [{}]},
            {"name": "guest", "policies": ["All", "NoSecrets"], "keys": [{}]},
        ],
        "roles": [{"name": "app", "policies": ["All"], "sessions": [{"name": "day", "expires": "1h", "policy": own}]}],
        "buckets": [{"name": "films"}],
    }
    stubs = [
        {"product": "Oss", "action": "PutObject", "headers": {"ETag": '"E"'}},
        {"product": "Oss", "action": "ListObjectsV2", "body": {"Name": "films", "IsTruncated": False, "Contents": [
            {"Key": "usr001/a.txt", "Size": 1, "ETag": '"E"', "LastModified": "2026-11-22T08:00:00.000Z", "Type": "Normal", "StorageClass": "Standard"}
        ]}},
        {"product": "Oss", "action": "InitiateMultipartUpload", "body": {"Bucket": "films", "Key": "a.mkv", "UploadId": "u1"}},
        {"product": "Oss", "action": "UploadPart", "headers": {"ETag": '"E${param.partNumber}"'}},
        {"product": "Oss", "action": "CompleteMultipartUpload", "headers": {"ETag": '"E-2"'}, "body": {"Bucket": "films", "Key": "a.mkv", "ETag": '"E-2"'}},
    ]  # fmt: skip
    with new_world({"accounts": [account], "stubs": stubs}) as made:
        yield Stage(*made)


@every_package
def test_a_user_stays_in_a_folder(folders, package):
    ci = folders.key("ci")

    package.write(ci, "films", "usr001/a.txt")
    assert package.list(ci, "films", "usr001/") == ["usr001/a.txt"]
    text = "You have no right to access this object because of bucket acl."
    with oss_refuses(package, 403, "AccessDenied", text, "0003-00000001"):
        package.write(ci, "films", "usr002/a.txt")
    with oss_refuses(package, 403, "AccessDenied", NOT_YOURS, "0003-00000001"):
        package.list(ci, "films", "")


@every_package
def test_an_explicit_deny_has_its_own_number(folders, package):
    guest = folders.key("guest")

    package.write(guest, "films", "a.txt")
    with oss_refuses(package, 403, "AccessDenied", "Access denied by bucket policy.", "0003-00000201"):
        package.write(guest, "films", "secret/a.txt")


@every_package
def test_the_policy_of_a_session_has_its_own_words(folders, package):
    day = folders.session("day")

    package.write(day, "films", "usr001/a.txt")
    with oss_refuses(package, 403, "AccessDenied", "Access denied by authorizer's policy.", "0003-00000301"):
        package.write(day, "films", "usr002/a.txt")


@every_package
def test_stubs_answer_an_upload_in_parts(folders, package):
    key = folders.key()

    assert package.upload(key, "films", lambda: None) == ["E1", "E2", "E-2"]
    with oss_refuses(package, 403, "InvalidAccessKeyId", "The OSS Access Key Id you provided is disabled.", "0002-00000904"):
        uid = folders.account()["uid"]
        package.upload(key, "films", lambda: folders.disable(uid, key))
