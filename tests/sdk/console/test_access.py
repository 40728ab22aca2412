"""Every page in both languages, light and dark: axe-core finds nothing serious; screenshots for people to look at."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from people import apply_for, create_key, models, person, refusal, sdk, user_with_policy

# Pages by the name of their screenshot.
PAGES = {
    "start": "/_alimock/",
    "requests": "/_alimock/requests",
    "request": None,
    "rules": "/_alimock/rules",
    "clocks": "/_alimock/clocks",
    "inbox": "/_alimock/inbox",
    "reviews": "/_alimock/reviews",
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
}


def look(page, name, language, scheme, width, shots):
    """Examines the page that is open."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name}: wider than the window"
    page.screenshot(path=shots / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    grave = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in grave]
    assert not told, f"{name} {language} {scheme}: {told}"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
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
    for name, path in PAGES.items():
        if path is None:
            page.goto("/_alimock/requests?q=SignatureDoesNotMatch")
            page.get_by_test_id("request").first.get_by_role("link").click()
        else:
            page.goto(path)
        look(page, name, language, scheme, width, shots)
    page.goto(f"/_alimock/console/keys/{key}/delete")
    look(page, "key-delete", language, scheme, width, shots)
    page.get_by_test_id("confirm-id").fill("other")
    page.get_by_test_id("confirm").click()
    look(page, "key-delete-wrong", language, scheme, width, shots)
    page.goto("/_alimock/console/security")
    page.get_by_test_id("bind-mfa").click()
    look(page, "mfa", language, scheme, width, shots)
    page.get_by_test_id("mfa-code-1").fill("000000")
    page.get_by_test_id("mfa-code-2").fill("000000")
    page.get_by_test_id("confirm-mfa").click()
    look(page, "mfa-wrong", language, scheme, width, shots)
    page.goto("/_alimock/console/sign-up")
    page.get_by_test_id("sign-up-submit").click()
    look(page, "sign-up-wrong", language, scheme, width, shots)
