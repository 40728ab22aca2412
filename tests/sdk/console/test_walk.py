"""Walks of people through the pages, and what the official SDK is told meanwhile."""

import pytest
from people import PASSWORD, apply_for, create_key, log_in, menu, models, number_in, person, refusal, sdk, totp
from playwright.sync_api import expect


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_person_signs_up_verifies_and_manages_an_access_key(visit, language):
    page = visit(language)
    uid, _ = person(page)
    apply_for(page, "enterprise", "legal_rep_face", "Walk Ltd")
    expect(page.get_by_test_id("verified-name")).to_have_text("Walk Ltd")

    key, secret = create_key(page)
    client = sdk(key, secret)
    assert client.list_users(models.ListUsersRequest()).body.users.user == []
    with page.expect_download() as download:
        page.get_by_test_id("download-csv").click()
    assert secret in download.value.path().read_text()

    menu(page, "keys")
    expect(page.get_by_test_id("key-last-used")).to_contain_text("Ram")
    assert secret not in page.content()
    page.get_by_test_id("disable").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("done")).to_be_visible()
    assert refusal(client.list_users, models.ListUsersRequest()) == "InvalidAccessKeyId.Inactive"
    page.get_by_test_id("enable").click()
    client.list_users(models.ListUsersRequest())
    page.get_by_test_id("delete").click()
    page.get_by_test_id("confirm-id").fill(key)
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("no-keys")).to_be_visible()
    assert refusal(client.list_users, models.ListUsersRequest()) == "InvalidAccessKeyId.NotFound"
    assert uid


def test_a_ram_user_logs_in_with_its_mfa_device(visit):
    page = visit()
    uid, _ = person(page)
    client = sdk(*create_key(page))
    client.create_user(models.CreateUserRequest(user_name="ann"))
    client.create_login_profile(models.CreateLoginProfileRequest(user_name="ann", password="Secret-0001"))
    device = client.create_virtual_mfadevice(models.CreateVirtualMFADeviceRequest(virtual_mfadevice_name="phone"))
    device = device.body.virtual_mfadevice
    menu(page, "keys")
    page.get_by_test_id("user-menu-open").click()
    page.get_by_test_id("log-out").click()
    codes = [totp(device.base_32string_seed, -1), totp(device.base_32string_seed)]
    client.bind_mfadevice(
        models.BindMFADeviceRequest(
            serial_number=device.serial_number,
            user_name="ann",
            authentication_code_1=codes[0],
            authentication_code_2=codes[1],
        )
    )
    ann = f"ann@{uid}.onaliyun.com"

    log_in(page, ann, "Secret-0001")
    expect(page.get_by_test_id("error")).to_be_visible()
    log_in(page, ann, "Secret-0001", totp(device.base_32string_seed))

    expect(page.get_by_test_id("user")).to_have_text("ann")


def test_a_review_is_rejected_with_its_reason_and_then_approved(visit):
    page, author = visit(), visit()
    person(page)
    for decision, reason, status in [("reject", "The scan is blurred.", "Rejected"), ("approve", "", "Verified")]:
        apply_for(page, "enterprise", "document", "Review Ltd")
        number = page.get_by_test_id("application-id").inner_text()
        author.goto("/_alimock/reviews")
        review = author.get_by_test_id(f"review-{number}")
        review.get_by_test_id("reject-reason").fill(reason)
        review.get_by_test_id(decision).click()
        menu(page, "real-name")
        expect(page.get_by_test_id("real-name-status")).to_have_text(status)
        if reason:
            expect(page.get_by_test_id("rejection")).to_contain_text(reason)


def test_a_rule_is_made_from_a_request_and_felt_by_the_sdk(visit):
    page, author = visit(), visit()
    person(page)
    client = sdk(*create_key(page))
    client.get_account_alias()
    author.goto("/_alimock/requests")
    author.get_by_role("link", name="Ram GetAccountAlias").first.click()
    author.get_by_test_id("make-rule").click()
    author.get_by_test_id("add-rule").click()
    expect(author.get_by_test_id("done")).to_be_visible()

    assert refusal(client.get_account_alias) == "Throttling.User"

    client.get_account_alias()
    author.reload()
    assert number_in(author.get_by_test_id("rule-struck").first.inner_text()) == 1
    author.get_by_test_id("delete").first.click()
    expect(author.get_by_test_id("no-rules")).to_be_visible()


def test_the_list_of_requests_grows_while_the_sdk_calls_and_is_filtered_as_one_types(visit):
    page, author = visit(), visit()
    person(page)
    client = sdk(*create_key(page))
    author.goto("/_alimock/requests")
    before = author.get_by_test_id("request").count()
    author.wait_for_timeout(500)

    client.list_groups(models.ListGroupsRequest())

    expect(author.get_by_test_id("request")).to_have_count(before + 1)
    expect(author.get_by_test_id("request").first).to_contain_text("ListGroups")
    author.get_by_test_id("filter").press_sequentially("nothing-like-that")
    expect(author.get_by_test_id("request")).to_have_count(0)
    author.get_by_test_id("filter").fill("listgroups")
    expect(author.get_by_test_id("request").first).to_contain_text("ListGroups")


def test_a_code_arrives_in_the_open_inbox(visit):
    inbox, page = visit(), visit()
    inbox.goto("/_alimock/inbox?to=arrives@example.com")
    expect(inbox.get_by_test_id("no-messages")).to_be_visible()
    page.goto("/_alimock/console/sign-up")
    page.get_by_test_id("email").fill("arrives@example.com")
    page.get_by_test_id("send-code").click()
    expect(page.get_by_test_id("code-sent")).to_be_visible()

    expect(inbox.get_by_test_id("message-code")).to_be_visible()


def test_pages_do_their_main_job_without_scripts(visit):
    page = visit(java_script_enabled=False)
    _, email = person(page)
    key, secret = create_key(page)
    sdk(key, secret).get_account_alias()
    log_in(page, email, PASSWORD)
    page.goto("/_alimock/requests?q=GetAccountAlias")
    expect(page.get_by_test_id("request").first).to_be_visible()


def test_the_first_page_copies_the_endpoint(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/_alimock/")
    page.get_by_test_id("copy-endpoint").click()

    copied = page.evaluate("navigator.clipboard.readText()")

    assert copied == page.get_by_test_id("endpoint").inner_text()


def test_keys_of_the_keyboard_reach_the_content_first(visit):
    page = visit()
    page.goto("/_alimock/console/login")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "login"
