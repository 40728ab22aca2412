"""Screenshots of the documentation: a small world, its pages, and with UPDATE_SHOTS=1 the files below docs/images."""

import io
import os
import pathlib
import urllib.request

import pytest
from people import models, refusal, sdk
from PIL import Image
from seeded import ENDPOINT, control

IMAGES = pathlib.Path(__file__).resolve().parents[3] / "docs" / "images"
# Bytes of a file at most; a test of tests/it checks it too.
MOST = 60 << 10
WORLD = "shots"
OFFICE = {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": ["ram:Get*", "ram:List*"], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": "ram:CreateUser",
            "Resource": "*",
            "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}},
        },
    ],
}
SCENARIO = {
    "accounts": [
        {
            "name": "shop",
            "uid": 1000000000000002,
            "email": "owner@shop.example",
            "security": {"password": "Passw0rd!"},
            "keys": [{"id": "LTAIscreenshots00000001", "secret": "secret-of-screenshots-00000001"}],
            "policies": [{"name": "FromTheOffice", "document": OFFICE}],
            "users": [
                {
                    "name": "dev",
                    "policies": ["FromTheOffice"],
                    "keys": [{"id": "LTAIscreenshots00000002", "secret": "secret-of-screenshots-00000002"}],
                }
            ],
        }
    ],
}
# Page, language and mode of each screenshot. A row more is a screenshot more: docs/console.md must show it.
SHOTS = {
    "start": ("/_alimock/", "en", "light"),
    "requests": ("/_alimock/requests", "en", "light"),
    "denied": (None, "en", "light"),
    "rules": ("/_alimock/rules", "en", "light"),
    "clocks": ("/_alimock/clocks", "en", "light"),
    "inbox": ("/_alimock/inbox", "en", "light"),
    "keys": ("/_alimock/console/keys", "en", "light"),
    "security": ("/_alimock/console/security", "en", "light"),
    "money": ("/_alimock/console/money", "en", "dark"),
    "real-name": ("/_alimock/console/real-name", "zh-CN", "light"),
}


@pytest.fixture(scope="module")
def world():
    """A world where something has happened."""
    control("POST", f"worlds?name={WORLD}", SCENARIO)
    # From now on the world keeps the states that its requests met.
    urllib.request.urlopen(f"{ENDPOINT}/_alimock/requests?world={WORLD}").close()
    root = sdk("LTAIscreenshots00000001", "secret-of-screenshots-00000001")
    dev = sdk("LTAIscreenshots00000002", "secret-of-screenshots-00000002")
    root.create_user(models.CreateUserRequest(user_name="ann"))
    dev.list_users(models.ListUsersRequest())
    wrong = sdk("LTAIscreenshots00000002", "another-secret")
    assert refusal(wrong.list_users, models.ListUsersRequest()) == "SignatureDoesNotMatch"
    assert refusal(dev.create_user, models.CreateUserRequest(user_name="eve")) == "NoPermission"
    control("POST", f"worlds/{WORLD}/captchas", {"to": "new@shop.example", "scene": "register"})
    rule = {"name": "the first two calls fail", "match": {"action": "CreateUser"}, "when": {"first": 2}, "do": {"error": {"code": "Throttling.User"}}}
    control("POST", f"worlds/{WORLD}/faults", rule)
    control("POST", f"worlds/{WORLD}/commands", {"pay": {"account": "shop", "amount": 120}})
    control("POST", f"worlds/{WORLD}/accounts/shop/real-name", {"subject": "enterprise", "method": "document", "name": "Shop Ltd"})
    yield f"?world={WORLD}"
    control("DELETE", f"worlds/{WORLD}")


def small(png):
    """The picture with a palette, which takes a fraction of the bytes."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


@pytest.mark.parametrize("name", SHOTS)
def test_a_screenshot_is_small(visit, world, name):
    path, language, scheme = SHOTS[name]
    page = visit(language, scheme)
    if path is None:
        page.goto(f"/_alimock/requests{world}&q=NoPermission")
        page.get_by_test_id("request").first.get_by_role("link").click()
        page.get_by_test_id("decision").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('[data-testid=decision]').scrollIntoView()")
    else:
        if path.startswith("/_alimock/console/"):
            page.goto(f"/_alimock/console/login{world}")
            page.get_by_test_id("login").fill("owner@shop.example")
            page.get_by_test_id("password").fill("Passw0rd!")
            page.get_by_test_id("login-submit").click()
        page.goto(path + world)
    picture = small(page.screenshot())
    assert len(picture) <= MOST
    if os.environ.get("UPDATE_SHOTS") == "1":
        IMAGES.mkdir(parents=True, exist_ok=True)
        (IMAGES / f"console-{name}.png").write_bytes(picture)
