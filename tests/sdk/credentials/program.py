"""Takes credentials from alibabacloud_credentials: see `check`."""

import json
import re
import sys

from alibabacloud_credentials.client import Client
from alibabacloud_credentials.models import Config

WORDS = {"disableIMDSv1": "disable_imds_v1", "uri": "credentials_uri"}


def snake(name):
    return WORDS.get(name) or re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def make(wanted):
    if wanted["type"] == "default":
        return Client()
    return Client(Config(**{snake(name): value for name, value in wanted.items()}))


client = None
for line in sys.stdin:
    asked = json.loads(line)
    try:
        if "make" in asked:
            client, told = make(asked["make"]), {}
        else:
            made = client.get_credential()
            told = {"id": made.access_key_id, "secret": made.access_key_secret, "token": made.security_token}
    except Exception as error:
        told = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(told), flush=True)
