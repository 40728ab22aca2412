"""A walk through the pages of RAM, and what the official SDK is told meanwhile."""

from people import models, person, refusal, sdk
from playwright.sync_api import expect

RAM = "/_alimock/console/ram"
WRONG = """{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "GetUser",
      "Resource": "*"
    }
  ]
}"""
GET = models.GetUserRequest(user_name="ann")


def make_user(page):
    """Creates the user `ann` with a password and a key; returns id and secret."""
    page.goto(f"{RAM}/users")
    page.get_by_test_id("new-user").click()
    page.get_by_test_id("user-name").fill("ann")
    page.get_by_test_id("console").check()
    page.get_by_test_id("password").fill("Secret-0001")
    page.get_by_test_id("key").check()
    page.get_by_test_id("create-user").click()
    return page.get_by_test_id("new-key-id").inner_text(), page.get_by_test_id("new-key-secret").inner_text()


def test_a_user_gets_a_policy_from_the_editor_and_is_deleted_and_restored(visit):
    page = visit()
    person(page)
    client = sdk(*make_user(page))
    with page.expect_download() as download:
        page.get_by_test_id("download-csv").click()
    assert "AccessKey Secret" in download.value.path().read_text()
    assert refusal(client.get_user, GET) == "NoPermission"

    page.get_by_test_id("ram-policies").click()
    page.get_by_test_id("new-policy").click()
    page.get_by_test_id("policy-name").fill("readers")
    page.get_by_test_id("document").fill(WRONG)
    # The check runs while one types.
    expect(page.get_by_test_id("mark")).to_have_text('"GetUser"')
    expect(page.get_by_test_id("mistake")).to_contain_text("6:17")
    page.get_by_test_id("create-policy").click()
    expect(page.get_by_test_id("error-document")).to_be_visible()
    page.get_by_test_id("document").fill(WRONG.replace('"GetUser"', '"ram:GetUser"'))
    expect(page.get_by_test_id("no-mistakes")).to_be_visible()
    page.get_by_test_id("create-policy").click()
    expect(page.get_by_test_id("shown-version")).to_have_text("v1")

    page.goto(f"{RAM}/users/ann")
    page.get_by_test_id("policy").fill("readers")
    page.get_by_test_id("attach").click()
    expect(page.get_by_test_id("policy-readers")).to_be_visible()
    assert client.get_user(GET).body.user.user_name == "ann"

    page.get_by_test_id("to-explain").click()
    page.get_by_test_id("action").fill("ram:GetUser, ram:DeleteUser")
    page.get_by_test_id("ask").click()
    expect(page.get_by_test_id("verdict")).to_have_text(["Allowed", "Denied"])
    expect(page.get_by_test_id("answer").first.get_by_test_id("statement-policy")).to_have_text("readers (RamUser)")
    expect(page.get_by_test_id("answer").first.get_by_test_id("applies")).to_be_visible()
    assert refusal(client.delete_user, models.DeleteUserRequest(user_name="ann")) == "NoPermission"

    page.goto(f"{RAM}/users/ann/delete")
    page.get_by_test_id("confirm").fill("ann")
    page.get_by_test_id("confirm-delete").click()
    expect(page.get_by_test_id("error")).to_be_visible()
    page.get_by_test_id("also").check()
    page.get_by_test_id("confirm").fill("ann")
    page.get_by_test_id("confirm-delete").click()
    assert refusal(client.get_user, GET) == "InvalidAccessKeyId.NotFound"
    page.get_by_test_id("deleted-ann").get_by_test_id("restore").click()
    expect(page.get_by_test_id("name")).to_have_text("ann")
    expect(page.get_by_test_id("no-policies")).to_be_visible()


def test_the_editor_checks_without_scripts(visit):
    page = visit(java_script_enabled=False)
    person(page)
    page.goto(f"{RAM}/new-policy")
    page.get_by_test_id("document").fill(WRONG)
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("mark")).to_have_text('"GetUser"')
    expect(page.get_by_test_id("document")).to_have_value(WRONG)
