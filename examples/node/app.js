// Keeps the AccessKey of a RAM user fresh, and works with the credentials of a role.

import { createRequire } from 'node:module';

// The SDKs are CommonJS, and bundlers disagree with Node about their default exports.
const require = createRequire(import.meta.url);
const { $OpenApiUtil, AlibabaCloudError } = require('@alicloud/openapi-core');
const RamSdk = require('@alicloud/ram20150501');
const StsSdk = require('@alicloud/sts20150401');

export const Ram = RamSdk.default;
export const Sts = StsSdk.default;

export function client(Kind, accessKeyId, accessKeySecret, securityToken) {
  const config = new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, securityToken });
  // Tests set an endpoint; without it, the SDK calls the real service.
  const endpoint = process.env.ALIBABA_CLOUD_ENDPOINT;
  if (endpoint) Object.assign(config, { endpoint, protocol: 'HTTP' });
  return new Kind(config);
}

async function keysOf(ram, userName) {
  const { body } = await ram.listAccessKeys(new RamSdk.ListAccessKeysRequest({ userName }));
  return body.accessKeys.accessKey.map((key) => key.accessKeyId);
}

async function remove(ram, userName, keys) {
  for (const userAccessKeyId of keys) {
    await ram.deleteAccessKey(new RamSdk.DeleteAccessKeyRequest({ userName, userAccessKeyId }));
  }
}

/** Replaces the keys of a user by a new one, which is returned. */
export async function rotate(ram, userName) {
  const old = await keysOf(ram, userName);
  const create = () => ram.createAccessKey(new RamSdk.CreateAccessKeyRequest({ userName }));
  let made;
  try {
    made = await create();
  } catch (error) {
    if (error instanceof AlibabaCloudError) throw error;
    made = await create();
  }
  await remove(ram, userName, old);
  return made.body.accessKey;
}

/** Credentials of a role. */
export class Session {
  constructor(sts, role) {
    this.sts = sts;
    this.role = role;
  }

  async refresh() {
    const request = new StsSdk.AssumeRoleRequest({ roleArn: this.role, roleSessionName: 'app' });
    const { credentials } = (await this.sts.assumeRole(request)).body;
    this.ram = client(Ram, credentials.accessKeyId, credentials.accessKeySecret, credentials.securityToken);
  }

  /** Returns the names of all users. */
  async users() {
    if (!this.ram) await this.refresh();
    const { body } = await this.ram.listUsers(new RamSdk.ListUsersRequest({}));
    return body.users.user.map((user) => user.userName);
  }
}
