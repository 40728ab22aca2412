'use strict';

// The SDKs under test, brought to one shape so that a walk is written once:
// `sdk.connect(key)` gives a function `call('Ram.CreateUser', { UserName })` that answers the reply in wire names, and
// `sdk.read(error)` gives what the SDK's own exception says of a refusal.

const assert = require('node:assert/strict');
const Core = require('@alicloud/pop-core');
const { $OpenApiUtil, ClientError } = require('@alicloud/openapi-core');
const Ram = require('@alicloud/ram20150501');
const Ims = require('@alicloud/ims20190815');
const Sts = require('@alicloud/sts20150401');

const ENDPOINT = process.env.ALIMOCK_ENDPOINT;
const HOST = new URL(ENDPOINT).host;
// How clients get there (see `run`), and what they are told for that: with real hosts nothing, unless a package knows none.
const WAY = process.env.ALIMOCK_WAY ?? 'plain';
const [SCHEME, ADDRESS] = { plain: ['http', HOST], tls: ['https', HOST], hosts: [] }[WAY];

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const VERSIONS = {
  Aas: '2015-07-01',
  Crm: '2015-04-08',
  Ecs: '2014-05-26',
  Ims: '2019-08-15',
  Ram: '2015-05-01',
  Sts: '2015-04-01',
};

/** The endpoint of a product, in the form that wants a scheme. */
const endpointOf = (product) => (ADDRESS ? `${SCHEME}://${ADDRESS}` : `https://${product.toLowerCase()}.aliyuncs.com`);

/** `@alicloud/pop-core`: one client for every product, signature version 1. */
const popCore = (method) => ({
  name: `pop-core by ${method}`,
  mismatch: new RegExp(`^Specified signature is not matched with our calculation\\. server string to sign is:${method}&%2F&`),

  connect(key) {
    return async (api, params = {}) => {
      const [product, action] = api.split('.');
      const client = new Core({ ...key, endpoint: endpointOf(product), apiVersion: VERSIONS[product] });
      // Its objects have no prototype, and would not be equal to others for that.
      return structuredClone(await client.request(action, params, { method }));
    };
  },

  read(error) {
    assert.equal(error.name, `${error.code}Error`);
    const { Message: message, RequestId: requestId, AccessDeniedDetail: detail } = error.data;
    return { code: error.code, status: error.entry.response.statusCode, message, requestId, detail };
  },
});

/** The packages made for one product each, on the tea core: signature version 3. */
const tea = {
  name: 'tea',
  mismatch: /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-SHA256\n/,

  connect(key) {
    return tea.through(key);
  },

  /** Calls with these settings, of which a key may be one. */
  through(settings) {
    const config = new $OpenApiUtil.Config({ ...settings, regionId: 'cn-hangzhou', endpoint: ADDRESS, protocol: SCHEME });
    const packages = { Ram, Ims, Sts };
    return async (api, params = {}) => {
      const [product, action] = api.split('.');
      const sdk = packages[product];
      const method = action[0].toLowerCase() + action.slice(1);
      const Request = sdk[`${action}Request`];
      const client = new sdk.default(config);
      // Of the actions used here GetCallerIdentity alone takes no request.
      const { body } = await (Request ? client[method](request(Request, params)) : client[method]());
      return body.toMap();
    };
  },

  read(error) {
    assert.ok(error instanceof ClientError, `${error}`);
    const { code, statusCode: status, requestId, accessDeniedDetail: detail, data: { Message: message } } = error;
    assert.equal(error.message, `${code}: code: ${status}, ${message} request id: ${requestId}`);
    return { code, status, message, requestId, detail };
  },
};

/** A request of the tea SDK from parameters in wire names. A name the SDK does not have is a mistake of the test. */
function request(Request, params) {
  const fields = Object.fromEntries(Object.entries(Request.names()).map(([field, wire]) => [wire, field]));
  return new Request(Object.fromEntries(Object.entries(params).map(([wire, value]) => {
    assert.ok(fields[wire], `${Request.name} has no ${wire}`);
    return [fields[wire], value];
  })));
}

const partnerSdks = [popCore('GET'), popCore('POST')];
const sdks = [tea, ...partnerSdks];

const keyOf = ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret });

/** Calls the control API; a text is sent as it is. */
async function control(method, path, body) {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const answer = await fetch(`${ENDPOINT}/_alimock/${path}`, { method, body: text });
  const read = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${read}`);
  return read && JSON.parse(read);
}

/** UID and root key of an account that the emulator was seeded with. */
async function seeded(name) {
  const world = await control('GET', 'worlds/default');
  const { uid, keys } = world.accounts.find((account) => account.name === name);
  return { pk: uid, key: keyOf(keys.find((key) => !key.user)) };
}

let registered = 0;

/** A key as `CreateAccessKey` and `CreateAccessKeyForAccount` show it. */
const made = ({ AccessKey }) => ({ accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret });

/** The root of an account that the operator just registered, calling through `sdk`. */
async function newRoot(sdk) {
  // The tea packages have none for Aas.
  const partner = sdk === tea ? partnerSdks[0] : sdk;
  const operator = partner.connect((await seeded('operator')).key);
  // The files of the suite run at the same time, each in a process of its own.
  const aliyunId = `node-${process.pid}-${registered += 1}`;
  const { PK: pk } = await operator('Aas.CreateAliyunAccount', { AliyunId: aliyunId });
  const key = made(await operator('Aas.CreateAccessKeyForAccount', { PK: pk }));
  return { pk, key, root: sdk.connect(key) };
}

/** When the clock of a standing world starts. */
const START = '2026-01-01T00:00:00Z';

/** A world of this test alone, from a scenario or the text of a file; its keys lead calls there. */
async function ownWorld(test, scenario) {
  const name = `node-${process.pid}-${registered += 1}`;
  const { accounts } = await control('POST', `worlds?name=${name}`, scenario);
  test.after(() => control('DELETE', `worlds/${name}`));
  return { name, accounts, control: (method, path, body) => control(method, `worlds/${name}/${path}`, body) };
}

/** A root in a world of this test alone, whose clock stands still until `advance('30m')`; its key leads calls there. */
async function standingRoot(sdk, test) {
  const world = await ownWorld(test, { clock: { resource: START }, accounts: [{ name: 'shop', keys: [{}] }] });
  const [{ uid, keys: [key] }] = world.accounts;
  const post = (path, body) => world.control('POST', path, body);
  return { world: world.name, pk: uid, root: sdk.connect(keyOf(key)), post, advance: (by) => post('clock/advance', { by }) };
}

/** The temporary key in an answer of STS. */
const session = ({ Credentials }) => ({
  accessKeyId: Credentials.AccessKeyId,
  accessKeySecret: Credentials.AccessKeySecret,
  securityToken: Credentials.SecurityToken,
});

/** A new user of an account, calling through the same SDK. */
async function newUser(sdk, root, name) {
  await root('Ram.CreateUser', { UserName: name });
  return sdk.connect(made(await root('Ram.CreateAccessKey', { UserName: name })));
}

const document = (statement) => JSON.stringify({ Version: '1', Statement: [statement] });

/** A policy of one statement. */
const policy = (Effect, Action, Resource = '*') => document({ Effect, Action, Resource });

/** A trust policy; a principal is written as in `{ RAM: arn }`. */
const trust = (Principal, others) => document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...others });

/** Asserts that a call is refused as `status code`, with `message` (a text or a pattern) where it matters. Gives the rest. */
async function refused(sdk, call, status, code, message = /./) {
  const error = await call.then((reply) => assert.fail(`not refused: ${JSON.stringify(reply)}`), (error) => error);
  const seen = sdk.read(error);
  assert.deepEqual([seen.status, seen.code], [status, code]);
  if (message instanceof RegExp) {
    assert.match(seen.message, message);
  } else {
    assert.equal(seen.message, message);
  }
  assert.match(seen.requestId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  return seen;
}

/** Asserts that a call is refused for want of permission, with what was asked and which kind of policy decided. */
async function denied(sdk, call, resource, action, kind = 'ImplicitDeny', layer = 'AccountLevelIdentityBasedPolicy') {
  const message = `You are not authorized to do this action. Resource: ${resource} Action: ${action}`;
  const { detail } = await refused(sdk, call, 403, 'NoPermission', message);
  assert.deepEqual([detail.AuthAction, detail.NoPermissionType, detail.PolicyType], [action, kind, layer]);
  return detail;
}

module.exports = {
  ADDRESS, DATE, SCHEME, START, WAY, sdks, tea, partnerSdks, seeded, newRoot, ownWorld, standingRoot, newUser, made, session, keyOf,
  policy, trust, refused, denied,
};
