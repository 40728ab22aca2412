import os

import app
import pytest


def caller(kind):
    return app.client(kind, os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"])


@pytest.mark.alimock("key-answer-lost")
def test_a_rotation_survives_a_lost_answer(alimock):
    new = app.rotate(caller(app.Ram), "ci")

    keys = alimock.call("GET", "/accounts/demo/access-keys", user="ci")["accessKeys"]
    assert [key["accessKeyId"] for key in keys] == [new.access_key_id]


@pytest.mark.alimock("session.yaml", as_="demo/ci")
def test_work_goes_on_when_the_credentials_of_a_role_expire(alimock):
    session = app.Session(caller(app.Sts), "acs:ram::1897304235598129:role/deploy")
    assert session.users() == ["ci"]

    alimock.clock.advance("2h")

    assert session.users() == ["ci"]
