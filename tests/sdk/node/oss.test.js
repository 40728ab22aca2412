'use strict';

// OSS through `ali-oss`, with both generations of signatures. The package sends the host of its region to an endpoint that is an address.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { describe, it } = require('node:test');
const OSS = require('ali-oss');
const { ADDRESS, SCHEME, keyOf, ownWorld, session } = require('./clients');

const SCENARIO = readFileSync(join(__dirname, '../../../scenarios/oss-upload-outlives-its-session.yaml'), 'utf8');
const BUCKET = 'demo-films';
const ENDPOINT = ADDRESS && `${SCHEME}://${ADDRESS}`;
const PART = 100 * 1024;
const NOT_THERE = 'The OSS Access Key Id you provided does not exist in our records.';
const NO_RIGHT = 'You have no right to access this object because of bucket acl.';

const statement = (Effect, Action, path) => ({ Effect, Action, Resource: `acs:oss:*:*:${BUCKET}/${path}` });

const FOLDERS = {
  accounts: [{
    name: 'demo',
    keys: [{}, { status: 'Inactive' }],
    policies: [
      { name: 'Ci', document: { Version: '1', Statement: [statement('Allow', 'oss:*', 'ci/*'), statement('Deny', 'oss:*', 'ci/keep/*')] } },
      { name: 'All', document: { Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '*' }] } },
    ],
    users: [{ name: 'ci', policies: ['Ci', 'AliyunSTSAssumeRoleAccess'], keys: [{}] }],
    roles: [{ name: 'uploader', policies: ['All'] }],
    buckets: [{ name: BUCKET }],
  }],
  stubs: [{ product: 'Oss', action: 'PutObject' }, { product: 'Oss', action: 'PostObject', status: 204 }],
};

/** Asserts that OSS refuses a call with this status, code, number and message. */
async function refused(call, status, code, number, message) {
  const error = await call.then(() => assert.fail('not refused'), (error) => error);
  assert.deepEqual([error.status, error.code, error.ecCode, error.message], [status, code, number, message]);
  assert.match(error.requestId, /^[0-9A-F]{24}$/);
  return error;
}

/** A temporary key as the package takes it. */
const temporary = ({ securityToken, ...key }) => ({ ...key, stsToken: securityToken });

/** STS through the client for it in the package. */
async function assume(key, role, policy) {
  const sts = new OSS.STS({ ...key, endpoint: ENDPOINT });
  const { credentials } = await sts.assumeRole(role, policy, 900, 'night');
  return temporary(session({ Credentials: credentials }));
}

for (const authorizationV4 of [false, true]) {
  /** A client of the bucket. */
  const client = (key, options) => new OSS({
    ...key,
    bucket: BUCKET,
    region: 'oss-cn-hangzhou',
    endpoint: ENDPOINT,
    secure: SCHEME !== 'http',
    authorizationV4,
    refreshSTSToken: () => assert.fail('refreshed'),
    refreshSTSTokenInterval: 3600_000,
    ...options,
  });

  describe(`ali-oss, signing with ${authorizationV4 ? 'V4' : 'V1'}`, () => {
    it('is told what is wrong with a key', async (test) => {
      const { accounts: [{ keys }] } = await ownWorld(test, FOLDERS);
      const [good, disabled] = keys.map(keyOf);
      const put = (key) => client(key).put('ci/a.txt', Buffer.from('text'));

      await put(good);
      const off = 'The OSS Access Key Id you provided is disabled.';
      await refused(put(disabled), 403, 'InvalidAccessKeyId', '0002-00000904', off);
      const nobody = { ...good, accessKeyId: `${good.accessKeyId.slice(0, -1)}_` };
      await refused(put(nobody), 403, 'InvalidAccessKeyId', '0002-00000902', NOT_THERE);
      const number = authorizationV4 ? '0002-00000201' : '0002-00000040';
      const signature = 'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
      await refused(put({ ...good, accessKeySecret: 'wrong' }), 403, 'SignatureDoesNotMatch', number, signature);
      // The refusal of a HEAD comes in a header.
      await refused(client(disabled).head('ci/a.txt'), 403, 'InvalidAccessKeyId', '0002-00000904', off);
    });

    it('is told where the bucket is', async (test) => {
      const { accounts: [{ keys: [root] }] } = await ownWorld(test, FOLDERS);
      const elsewhere = client(keyOf(root), { region: 'oss-cn-beijing' });

      const error = await elsewhere.put('ci/a.txt', Buffer.from('text')).catch((error) => error);

      assert.deepEqual([error.status, error.code, error.ecCode], [403, 'AccessDenied', '0003-00001403']);
      assert.match(error.message, /^The bucket you are attempting to access must be addressed using the specified endpoint\./);
      assert.equal(error.hostId, `${BUCKET}.oss-cn-beijing.aliyuncs.com`);
    });

    it('writes below the folder of its policies alone', async (test) => {
      const { accounts: [{ uid, keys }] } = await ownWorld(test, FOLDERS);
      const ci = keyOf(keys.find(({ user }) => user === 'ci'));
      const put = (key, path) => client(key).put(path, Buffer.from('text'));

      await put(ci, 'ci/a.txt');
      await refused(put(ci, 'other/a.txt'), 403, 'AccessDenied', '0003-00000001', NO_RIGHT);
      const denied = await put(ci, 'ci/keep/a.txt').catch((error) => error);
      assert.deepEqual([denied.code, denied.ecCode], ['AccessDenied', '0003-00000201']);

      // The policy of a session takes away from what its role may.
      const own = { Version: '1', Statement: [statement('Allow', 'oss:PutObject', 'night/*')] };
      const night = await assume(ci, `acs:ram::${uid}:role/uploader`, own);
      await put(night, 'night/a.txt');
      const outside = await put(night, 'ci/a.txt').catch((error) => error);
      assert.deepEqual([outside.status, outside.code, outside.ecCode], [403, 'AccessDenied', '0003-00000301']);
    });

    it('goes on with an upload that outlived its session', async (test) => {
      const { accounts: [{ uid, keys }], control } = await ownWorld(test, SCENARIO);
      const night = { accessKeyId: 'STS.NOfTheUpload001', accessKeySecret: 'secretOfTheUpload', stsToken: 'CAISofTheUpload' };
      const file = Buffer.alloc(3 * PART, 'film');
      let checkpoint;
      const progress = async (_, reached) => {
        checkpoint = reached;
        if (reached.doneParts.length === 1) await control('POST', 'clock/advance', { by: '6m' });
      };
      const settings = { partSize: PART, parallel: 1, progress };

      const ended = await client(night).multipartUpload('night/film.mkv', file, settings).catch((error) => error);
      assert.deepEqual([ended.status, ended.code, ended.partNum], [403, 'SecurityTokenExpired', 2]);
      assert.match(ended.message, /The security token you provided has expired\./);
      const fresh = await assume(keyOf(keys.find(({ user }) => user === 'ci')), `acs:ram::${uid}:role/uploader`);
      const done = await client(fresh).multipartUpload('night/film.mkv', file, { ...settings, progress: undefined, checkpoint });

      assert.match(done.etag, /-3"$/);
      const { requests } = await control('GET', 'requests');
      const called = requests.filter(({ product }) => product === 'Oss').map(({ action }) => action);
      const parts = Array(4).fill('UploadPart');
      assert.deepEqual(called, ['InitiateMultipartUpload', ...parts, 'CompleteMultipartUpload']);
    });
  });
}

it('a form signed by ali-oss uploads below the folder of its policy', async (test) => {
  const { accounts: [{ keys: [root] }] } = await ownWorld(test, FOLDERS);
  const at = ENDPOINT ? `${ENDPOINT}/${BUCKET}` : `https://${BUCKET}.oss-cn-hangzhou.aliyuncs.com`;
  const post = async (path, expiration) => {
    const conditions = [['starts-with', '$key', 'ci/']];
    const client = new OSS({ ...keyOf(root), region: 'oss-cn-hangzhou' });
    const form = new FormData();
    for (const [name, value] of Object.entries({ key: path, ...client.calculatePostSignature({ expiration, conditions }) })) {
      form.set(name, value);
    }
    form.set('file', new Blob(['text']), 'a.txt');
    const answer = await fetch(at, { method: 'POST', body: form });
    return [answer.status, /<Message>(.*)<\/Message>/.exec(await answer.text())?.[1]];
  };

  assert.deepEqual(await post('ci/a.txt', '2199-01-01T00:00:00.000Z'), [204, undefined]);
  const [status, message] = await post('other/a.txt', '2199-01-01T00:00:00.000Z');
  assert.equal(status, 403);
  assert.match(message, /^Invalid according to Policy: Policy Condition failed: /);
  const expired = await post('ci/a.txt', '2001-01-01T00:00:00.000Z');
  assert.deepEqual(expired, [403, 'Invalid according to Policy: Policy expired.']);
});
