"""What people do on the pages, by the test ids of docs/console.md."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from itertools import count

from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from playwright.sync_api import expect
from seeded import ADDRESS, SCHEME

SERIAL = count(1)
PASSWORD = "Passw0rd!"


def sdk(key, secret):
    """The official client of RAM, with this key."""
    where = {"endpoint": ADDRESS, "protocol": SCHEME} if ADDRESS else {"region_id": "cn-hangzhou"}
    return Client(Config(access_key_id=key, access_key_secret=secret, **where))


def refusal(call, *arguments):
    """The code that a call is refused with."""
    try:
        call(*arguments)
    except ClientException as refused:
        return refused.code
    raise AssertionError("the call was not refused")


def sign_up(page):
    """Signs up with a code from the inbox; returns the UID and the login name."""
    email = f"person-{next(SERIAL)}@example.com"
    page.goto("/_alimock/")
    page.get_by_test_id("free-account").first.click()
    page.get_by_test_id("email").fill(email)
    page.get_by_test_id("send-code").click()
    code = page.get_by_test_id("mail-code").first.inner_text()
    page.get_by_test_id("code").fill(code)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-up-submit").click()
    return page.get_by_test_id("uid").inner_text(), email


def log_in(page, login, password=PASSWORD, code=None):
    page.goto("/_alimock/console/login")
    page.get_by_test_id("login").fill(login)
    page.get_by_test_id("password").fill(password)
    if code:
        page.get_by_test_id("mfa-code").fill(code)
    page.get_by_test_id("login-submit").click()


def menu(page, item):
    """Opens a page by the user menu at the upper right."""
    page.get_by_test_id("user-menu-open").click()
    page.get_by_test_id(f"menu-{item}").click()


def apply_for(page, subject, method, name):
    """Submits an application for real-name registration."""
    menu(page, "real-name")
    page.get_by_test_id(f"{subject}-{method}").check()
    page.get_by_test_id(f"{subject}-name").fill(name)
    page.get_by_test_id(f"{subject}-number").fill(f"913300{next(SERIAL):05}WALK")
    page.get_by_test_id(f"{subject}-submit").click()


def create_key(page):
    """User menu, AccessKeys, Create an AccessKey, Agree and Create; returns id and secret."""
    menu(page, "keys")
    page.get_by_test_id("create-key").click()
    page.get_by_test_id("agree-and-create").click()
    return page.get_by_test_id("new-key-id").inner_text(), page.get_by_test_id("new-key-secret").inner_text()


def person(page):
    """A person who signed up and is logged in; returns UID and login name."""
    uid, email = sign_up(page)
    log_in(page, email)
    expect(page.get_by_test_id("uid")).to_have_text(uid)
    return uid, email


READERS = """{
  "Version": "1",
  "Statement": [{"Effect": "Allow", "Action": ["ram:GetUser", "ram:ListUsers"], "Resource": "*"}]
}"""


def people_of_ram(client):
    """A user, a group, a policy and a role of the account, so that no page of RAM is empty."""
    group = "a-group-with-a-rather-long-name-of-sixty-four-characters-at-most"
    client.create_user(models.CreateUserRequest(user_name="ann", display_name="Ann of Hangzhou"))
    client.create_group(models.CreateGroupRequest(group_name=group))
    client.add_user_to_group(models.AddUserToGroupRequest(user_name="ann", group_name=group))
    client.create_policy(models.CreatePolicyRequest(policy_name="readers", policy_document=READERS))
    client.attach_policy_to_user(
        models.AttachPolicyToUserRequest(policy_type="Custom", policy_name="readers", user_name="ann")
    )
    trust = READERS.replace('["ram:GetUser", "ram:ListUsers"]', '"sts:AssumeRole"')
    trust = trust.replace('"Resource": "*"', '"Principal": {"Service": ["ecs.aliyuncs.com"]}')
    client.create_role(models.CreateRoleRequest(role_name="app", assume_role_policy_document=trust))


def totp(seed, steps=0):
    """The code that an app shows now, or some steps of thirty seconds later."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def user_with_policy(client, condition=None):
    """The client of a RAM user `dev` who may read users from an office, and list policies."""
    office = {"Effect": "Allow", "Action": "ram:Get*", "Resource": "*", "Condition": condition or {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}}}
    document = json.dumps({"Version": "1", "Statement": [office, {"Effect": "Allow", "Action": "ram:List*", "Resource": "*"}]})
    client.create_user(models.CreateUserRequest(user_name="dev"))
    client.create_policy(models.CreatePolicyRequest(policy_name="Office", policy_document=document))
    client.attach_policy_to_user(
        models.AttachPolicyToUserRequest(policy_type="Custom", policy_name="Office", user_name="dev")
    )
    key = client.create_access_key(models.CreateAccessKeyRequest(user_name="dev")).body.access_key
    return sdk(key.access_key_id, key.access_key_secret)


def number_in(text):
    return int(re.search(r"\d+", text).group())


__all__ = ["models"]
