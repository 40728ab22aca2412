"""The trace of a request, the binding of an MFA device, and the key Enter in forms with two buttons."""

import os
import subprocess
import sys

import pytest
from people import PASSWORD, create_key, log_in, menu, models, person, refusal, sdk, totp, user_with_policy
from playwright.sync_api import expect
from seeded import WAY, control


def newest(page, words):
    """Opens the trace of the newest request with these words."""
    page.goto(f"/_alimock/requests?q={words}")
    page.get_by_test_id("request").first.get_by_role("link").click()


def test_a_denied_request_shows_the_statement_its_condition_and_the_change_after_it_is_mended(visit):
    page, author = visit(), visit()
    person(page)
    client = sdk(*create_key(page))
    author.goto("/_alimock/requests")
    dev = user_with_policy(client)
    assert refusal(dev.get_user, models.GetUserRequest(user_name="dev")) == "NoPermission"
    newest(author, "NoPermission")
    statement = author.get_by_test_id("walk-statement").first
    expect(statement).to_contain_text("10.0.0.0/8")
    expect(statement).to_contain_text("127.0.0.1")
    expect(author.get_by_test_id("silent")).to_be_visible()
    expect(author.get_by_test_id("check-8").get_by_test_id("check-result")).to_have_text("Stopped here")

    client.attach_policy_to_user(
        models.AttachPolicyToUserRequest(policy_type="System", policy_name="AliyunRAMReadOnlyAccess", user_name="dev")
    )
    dev.get_user(models.GetUserRequest(user_name="dev"))

    newest(author, "GetUser+200")
    expect(author.get_by_test_id("decides")).to_have_count(1)
    newest(author, "AttachPolicyToUser+200")
    expect(author.get_by_test_id("difference")).to_contain_text("AliyunRAMReadOnlyAccess")


@pytest.mark.skipif(WAY == "hosts", reason="the script of the page trusts no certificate of the emulator")
def test_the_script_of_a_trace_repeats_the_request(visit):
    page, author = visit(), visit()
    person(page)
    key, secret = create_key(page)
    sdk(key, secret).create_group(models.CreateGroupRequest(group_name="again"))
    newest(author, f"CreateGroup+{key}")
    script = author.get_by_test_id("repeat-python").text_content()
    assert secret not in author.content()

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "ALIBABA_CLOUD_ACCESS_KEY_ID": key, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("409 ") and "EntityAlreadyExists.Group" in done.stdout


def test_an_mfa_device_counts_after_two_codes(visit):
    page = visit()
    _, email = person(page)
    menu(page, "security")
    page.get_by_test_id("bind-mfa").click()
    seed = page.get_by_test_id("mfa-seed").inner_text()
    page.get_by_test_id("mfa-code-1").fill("000000")
    page.get_by_test_id("mfa-code-2").fill(totp(seed))
    page.get_by_test_id("mfa-code-2").press("Enter")
    expect(page.get_by_test_id("error-mfa")).to_be_visible()
    expect(page.get_by_test_id("mfa-seed")).to_have_text(seed)
    page.get_by_test_id("mfa-code-1").fill(totp(seed, -1))
    page.get_by_test_id("mfa-code-2").fill(totp(seed))
    page.get_by_test_id("confirm-mfa").click()
    expect(page.get_by_test_id("mfa-state")).to_have_text("Bound")

    log_in(page, email, PASSWORD)
    expect(page.get_by_test_id("error")).to_be_visible()
    log_in(page, email, PASSWORD, totp(seed))
    expect(page.get_by_test_id("uid")).to_be_visible()


def test_enter_submits_the_main_button_of_a_form(visit):
    page = visit()
    page.goto("/_alimock/console/sign-up")
    page.get_by_test_id("email").fill("enter@example.com")
    page.get_by_test_id("email").press("Enter")
    # Not "Send code": the mistakes of a sign-up are shown.
    expect(page.get_by_test_id("error-password")).to_be_visible()
    expect(page.get_by_test_id("code-sent")).to_have_count(0)
    person(page)
    page.goto("/_alimock/console/security")
    page.get_by_test_id("email").fill("other@example.com")
    page.get_by_test_id("email").press("Enter")
    expect(page.get_by_test_id("error")).to_contain_text("code is wrong")
    page.goto("/_alimock/console/forgot")
    page.get_by_test_id("login").fill("nobody@example.com")
    page.get_by_test_id("login").press("Enter")
    expect(page.get_by_test_id("error")).to_be_visible()
    expect(page.get_by_test_id("code-sent")).to_have_count(0)
    control("POST", "worlds?name=enter", {"clock": {"resource": "2026-01-01T00:00:00Z"}})
    page.goto("/_alimock/clocks?world=enter")
    page.get_by_test_id("advance-other").fill("2h")
    page.get_by_test_id("advance-other").press("Enter")
    expect(page.get_by_test_id("resource-clock")).to_have_text("2026-01-01T02:00:00Z")
    control("DELETE", "worlds/enter")


@pytest.mark.skipif(WAY != "hosts", reason="real host names are another server's by other ways")
def test_pages_open_at_real_hosts(visit):
    page = visit()
    page.goto("https://ram.aliyuncs.com/")
    expect(page.get_by_test_id("endpoint")).to_be_visible()
    page.goto("https://signin.aliyun.com/")
    expect(page.get_by_test_id("login")).to_be_visible()
    page.goto("https://account.aliyun.com/register/register.htm")
    expect(page.get_by_test_id("sign-up-submit")).to_be_visible()
    person(page)
    page.goto("https://ram.console.aliyun.com/manage/ak")
    expect(page.get_by_test_id("login-submit")).to_be_visible()
