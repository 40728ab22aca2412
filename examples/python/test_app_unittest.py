"""The same tests as those of test_app.py, for unittest."""

import os

import app
from alimock.unittest import AlimockTestCase


def caller(kind):
    return app.client(kind, os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"])


class Rotation(AlimockTestCase):
    scenario = "key-answer-lost"

    def test_a_rotation_survives_a_lost_answer(self):
        new = app.rotate(caller(app.Ram), "ci")

        keys = self.alimock.call("GET", "/accounts/demo/access-keys", user="ci")["accessKeys"]
        self.assertEqual([key["accessKeyId"] for key in keys], [new.access_key_id])


class Work(AlimockTestCase):
    scenario = "session.yaml"
    alimock_as = "demo/ci"

    def test_work_goes_on_when_the_credentials_of_a_role_expire(self):
        session = app.Session(caller(app.Sts), "acs:ram::1897304235598129:role/deploy")
        self.assertEqual(session.users(), ["ci"])

        self.alimock.clock.advance("2h")

        self.assertEqual(session.users(), ["ci"])
