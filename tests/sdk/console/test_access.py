"""Every page in both languages, light and dark: axe-core finds nothing serious; screenshots for people to look at."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from people import apply_for, create_key, models, people_of_ram, person, refusal, sdk, user_with_policy

# Pages by the name of their screenshot.
PAGES = {
    "start": "/_alimock/",
    "requests": "/_alimock/requests",
    "request": None,
    "rules": "/_alimock/rules",
    "clocks": "/_alimock/clocks",
    "inbox": "/_alimock/inbox",
    "reviews": "/_alimock/reviews",
    "scenario": "/_alimock/scenario",
    "gallery": "/_alimock/scenario/gallery",
    "coverage": "/_alimock/coverage",
    "coverage-one": "/_alimock/coverage?product=Ram",
    "diff": "/_alimock/diff?from=seed",
    "settings": "/_alimock/settings",
    "login": "/_alimock/console/login",
    "forgot": "/_alimock/console/forgot",
    "sign-up": "/_alimock/console/sign-up",
    "home": "/_alimock/console/",
    "keys": "/_alimock/console/keys",
    "keys-new": "/_alimock/console/keys/new",
    "real-name": "/_alimock/console/real-name",
    "security": "/_alimock/console/security",
    "money": "/_alimock/console/money",
    "missing": "/_alimock/console/missing",
    "ram-users": "/_alimock/console/ram/users",
    "ram-new-user": "/_alimock/console/ram/new-user",
    "ram-user": "/_alimock/console/ram/users/ann",
    "ram-user-keys": "/_alimock/console/ram/users/ann/keys",
    "ram-user-delete": "/_alimock/console/ram/users/ann/delete",
    "ram-bin": "/_alimock/console/ram/recycle-bin",
    "ram-groups": "/_alimock/console/ram/groups",
    "ram-group": "/_alimock/console/ram/groups/a-group-with-a-rather-long-name-of-sixty-four-characters-at-most",
    "ram-policies": "/_alimock/console/ram/policies",
    "ram-new-policy": "/_alimock/console/ram/new-policy",
    "ram-policy": "/_alimock/console/ram/policies/system/ReadOnlyAccess",
    "ram-policy-own": "/_alimock/console/ram/policies/custom/readers",
    "ram-roles": "/_alimock/console/ram/roles",
    "ram-new-role": "/_alimock/console/ram/new-role",
    "ram-role": "/_alimock/console/ram/roles/app",
    "ram-sessions": "/_alimock/console/ram/sessions",
    "ram-explain": "/_alimock/console/ram/explain?principal=user&name=ann&action=ram:GetUser,ram:DeleteUser",
}

MISTAKE = '{"Version": "1",\n "Statement": [{"Effect": "Allow", "Action": "GetUser", "Resource": "*"}]}'
# Pages after a step: name, address (or the page before), values of fields, button.
STEPS = [
    ("key-delete-wrong", None, {"confirm-id": "other"}, "confirm"),
    ("ram-policy-mistake", "/_alimock/console/ram/new-policy", {"document": MISTAKE}, "check"),
    ("ram-mfa", "/_alimock/console/ram/users/ann", {}, "bind-mfa"),
    ("mfa", "/_alimock/console/security", {}, "bind-mfa"),
    ("mfa-wrong", None, {"mfa-code-1": "000000", "mfa-code-2": "000000"}, "confirm-mfa"),
    ("scenario-wrong", "/_alimock/scenario", {"scenario-text": "accounts:\n  - nam: demo\n    users: [{name: 'a b'}]\n"}, "check"),
    ("settings-wrong", "/_alimock/settings", {"value-gates": "gates: [{product: Ramm}]"}, "save-gates"),
    ("sign-up-wrong", "/_alimock/console/sign-up", {}, "sign-up-submit"),
]


def look(page, name, language, scheme, width, shots):
    """Examines the page that is open."""
    page.wait_for_load_state()
    for pixels in (1280 + 390 - width, width):
        page.set_viewport_size({"width": pixels, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= pixels, f"{name}: wider than {pixels} pixels"
    page.screenshot(path=shots / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    grave = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in grave]
    assert not told, f"{name} {language} {scheme}: {told}"


# Each language is seen in light and dark, wide and narrow.
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("en", "dark", 390), ("zh-CN", "light", 390), ("zh-CN", "dark", 1280)],
)
def test_pages_have_no_grave_barrier(visit, shots, scheme, language, width):
    page = visit(language, scheme, width)
    person(page)
    key, secret = create_key(page)
    look(page, "new-key", language, scheme, width, shots)
    client = sdk(key, secret)
    client.list_users(models.ListUsersRequest())
    assert refusal(sdk(key, secret[::-1]).list_users, models.ListUsersRequest()) == "SignatureDoesNotMatch"
    dev = user_with_policy(client)
    assert refusal(dev.get_user, models.GetUserRequest(user_name="dev")) == "NoPermission"
    page.goto("/_alimock/requests?q=NoPermission")
    page.get_by_test_id("request").first.get_by_role("link").click()
    look(page, "denied", language, scheme, width, shots)
    apply_for(page, "enterprise", "document", "Review Ltd")
    people_of_ram(client)
    for name, path in PAGES.items():
        if path is None:
            page.goto("/_alimock/requests?q=SignatureDoesNotMatch")
            page.get_by_test_id("request").first.get_by_role("link").click()
        else:
            page.goto(path)
        look(page, name, language, scheme, width, shots)
    page.goto(f"/_alimock/console/keys/{key}/delete")
    look(page, "key-delete", language, scheme, width, shots)
    for name, path, values, button in STEPS:
        if path is not None:
            page.goto(path)
        for field, value in values.items():
            page.get_by_test_id(field).fill(value)
        page.get_by_test_id(button).click()
        look(page, name, language, scheme, width, shots)
    page.goto("/_alimock/")
    page.get_by_test_id("world-actions").locator("summary").click()
    look(page, "worlds", language, scheme, width, shots)
