import os

from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

ADDRESS = os.environ["ALIMOCK_ENDPOINT"].removeprefix("http://")


def caller(**way):
    key, secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    settings = Config(access_key_id=key, access_key_secret=secret, region_id="cn-hangzhou", **way)
    return Client(settings).get_caller_identity().body.arn


def plain():
    return caller(endpoint=ADDRESS, protocol="HTTP")


def tls():
    return caller(endpoint=ADDRESS)


def proxy():
    # Behind a proxy, the SDK reads no certificate variable.
    return caller(ca=os.environ["ALIMOCK_CA"])
