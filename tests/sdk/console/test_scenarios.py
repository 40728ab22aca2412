"""Walks of an author of tests: scenarios with problems, expectations, snapshots and coverage, beside the official SDK."""

import re

import pytest
from people import models, refusal, sdk
from playwright.sync_api import expect

GOOD = """\
accounts:
  - name: walker
    keys: [{}]
    users: [{name: ann}]
expect:
  - {name: a user is created, calls: {action: CreateUser, code: ""}, times: 1}
"""
BAD = GOOD.replace("users:", "usres:")
GREEN, RED = re.compile(r"\bgood\b"), re.compile(r"\bbad\b")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_scenario_is_typed_mended_run_checked_compared_and_covered(visit, language):
    page = visit(language)
    world = f"walk-{language}"
    page.goto("/_alimock/")
    page.get_by_test_id("nav-scenario").click()
    editor = page.get_by_test_id("scenario-text")
    editor.fill("")
    editor.press_sequentially(BAD.split("expect:")[0])
    expect(page.get_by_test_id("problem")).to_have_count(1)
    expect(page.get_by_test_id("problem")).to_contain_text("`usres`, did you mean `users`?")
    expect(page.get_by_test_id("problem")).to_contain_text(re.compile(r"\b4\b.*\b5\b"))
    expect(page.get_by_test_id("marked-copy").locator("mark")).to_have_text("usres")
    editor.fill(GOOD)
    expect(page.get_by_test_id("no-problems")).to_be_visible()

    page.get_by_test_id("world-name").fill(world)
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("world")).to_contain_text(world)
    key, secret = page.locator("#id-1").inner_text(), page.locator("#secret-1").inner_text()
    page.get_by_test_id("nav-scenario").click()
    expect(page.get_by_test_id("world")).to_contain_text(world)
    expect(editor).to_have_value(GOOD)
    expect(page.get_by_test_id("expectation-state")).to_have_class(RED)

    page.get_by_test_id("nav-diff").click()
    page.get_by_test_id("snapshot-name").fill("before")
    page.get_by_test_id("take").click()
    expect(page.get_by_test_id("done")).to_be_visible()
    client = sdk(key, secret)
    client.create_user(models.CreateUserRequest(user_name="bob"))
    page.get_by_test_id("compare-now").click()
    expect(page.get_by_test_id("added")).to_contain_text("accounts[walker].users[bob]")
    page.get_by_test_id("nav-scenario").click()
    expect(page.get_by_test_id("expectation-state")).to_have_class(GREEN)

    page.get_by_test_id("nav-diff").click()
    page.get_by_test_id("restore").click()
    expect(page.get_by_test_id("done")).to_be_visible()
    page.get_by_test_id("compare-now").click()
    expect(page.get_by_test_id("no-differences")).to_be_visible()
    assert refusal(client.get_user, models.GetUserRequest(user_name="bob")) == "EntityNotExist.User"
    page.get_by_test_id("nav-coverage").click()
    expect(page.get_by_test_id("operation-Ram.CreateUser").get_by_test_id("successes")).to_have_text("1")
    expect(page.get_by_test_id("operation-Ram.GetUser")).to_contain_text("EntityNotExist.User: 1")

    page.get_by_test_id("brand").click()
    page.get_by_test_id("world-actions").locator("summary").click()
    page.get_by_test_id("delete-world").click()
    expect(page.get_by_test_id("world")).not_to_contain_text(world)
    # The key of a world that is gone belongs to nobody.
    assert refusal(client.get_user, models.GetUserRequest(user_name="ann")) == "InvalidAccessKeyId.NotFound"


def test_without_scripts_a_button_checks_and_a_file_is_opened(visit, tmp_path):
    page = visit(java_script_enabled=False)
    page.goto("/_alimock/scenario")
    page.get_by_test_id("scenario-text").fill(BAD)
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("problem")).to_have_count(1)
    expect(page.get_by_test_id("scenario-text")).to_have_value(BAD)
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD)

    page.get_by_test_id("file").set_input_files(file)
    page.get_by_test_id("open-file").click()

    expect(page.get_by_test_id("scenario-text")).to_have_value(GOOD)
    expect(page.get_by_test_id("no-problems")).to_be_visible()


def test_the_gallery_is_filtered_while_somebody_types_and_a_scenario_opens_in_the_editor(visit):
    page = visit()
    page.goto("/_alimock/scenario/gallery")
    page.get_by_test_id("gallery-filter").press_sequentially("leaked")
    expect(page.get_by_test_id("ready-key-leaked")).to_be_visible()
    expect(page.get_by_test_id("ready-account-closed")).to_have_count(0)
    page.get_by_test_id("ready-key-leaked").get_by_test_id("open").click()
    assert "leaked: true" in page.get_by_test_id("scenario-text").input_value()

    with page.expect_download() as download:
        page.get_by_test_id("export").click()

    assert download.value.suggested_filename == "default.yaml"
    assert "accounts:" in download.value.path().read_text()


def test_a_setting_that_cannot_be_is_shown_at_its_field_and_then_mended(visit):
    page = visit()
    page.goto("/_alimock/settings")
    page.get_by_test_id("value-permissions").fill("mode: off")
    page.get_by_test_id("save-permissions").click()
    expect(page.get_by_test_id("error")).to_contain_text("line 1 column 7")
    page.get_by_test_id("value-permissions").fill("mode: enforce")
    page.get_by_test_id("save-permissions").click()
    expect(page.get_by_test_id("done")).to_be_visible()
