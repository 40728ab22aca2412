import json
import os

from aliyunsdkcore.client import AcsClient
from aliyunsdksts.request.v20150401.GetCallerIdentityRequest import GetCallerIdentityRequest


def caller(scheme=None):
    request = GetCallerIdentityRequest()
    if scheme:
        request.set_endpoint(os.environ["ALIMOCK_ENDPOINT"].removeprefix("http://"))
        request.set_protocol_type(scheme)
    key, secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    return json.loads(AcsClient(key, secret, "cn-hangzhou").do_action_with_exception(request))["Arn"]


def plain():
    return caller("http")


def tls():
    return caller("https")


def proxy():
    return caller()
