"""Keeps the AccessKey of a RAM user fresh, and works with the credentials of a role."""

import os

from alibabacloud_ram20150501 import models as ram_models
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_sts20150401 import models as sts_models
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.models import Config
from Tea.exceptions import UnretryableException


def client(kind, key, secret, token=None):
    config = Config(access_key_id=key, access_key_secret=secret, security_token=token)
    # Tests set an endpoint; without it, the SDK calls the real service.
    if endpoint := os.environ.get("ALIBABA_CLOUD_ENDPOINT"):
        config.endpoint, config.protocol = endpoint, "HTTP"
    return kind(config)


def keys_of(ram, user):
    listed = ram.list_access_keys(ram_models.ListAccessKeysRequest(user_name=user)).body.access_keys.access_key
    return [key.access_key_id for key in listed]


def delete(ram, user, keys):
    for key in keys:
        ram.delete_access_key(ram_models.DeleteAccessKeyRequest(user_name=user, user_access_key_id=key))


def rotate(ram, user):
    """Replaces the keys of a user by a new one, which is returned."""
    old = keys_of(ram, user)
    create = ram_models.CreateAccessKeyRequest(user_name=user)
    try:
        new = ram.create_access_key(create)
    except UnretryableException:
        new = ram.create_access_key(create)
    delete(ram, user, old)
    return new.body.access_key


class Session:
    """Credentials of a role."""

    def __init__(self, sts, role):
        self.sts, self.role, self.ram = sts, role, None

    def refresh(self):
        request = sts_models.AssumeRoleRequest(role_arn=self.role, role_session_name="app")
        made = self.sts.assume_role(request).body.credentials
        self.ram = client(Ram, made.access_key_id, made.access_key_secret, made.security_token)

    def users(self):
        """Returns the names of all users."""
        if self.ram is None:
            self.refresh()
        listed = self.ram.list_users(ram_models.ListUsersRequest())
        return [user.user_name for user in listed.body.users.user]
