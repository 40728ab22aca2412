'use strict';

// Root keys through RAM and IMS, and what happens to calls that keys no longer sign for.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, newRoot, made, refused, DATE } = require('./clients');

const ids = ({ AccessKeys }) => AccessKeys.AccessKey.map((key) => key.AccessKeyId);

for (const sdk of sdks) {
  for (const [product, other] of [['Ram', 'Ims'], ['Ims', 'Ram']]) {
    describe(`a root key made by ${product} through ${sdk.name}`, () => {
      it('is the second of two at most, which RAM and IMS both show and either deletes', async () => {
        const { key, root } = await newRoot(sdk);

        const second = made(await root(`${product}.CreateAccessKey`));

        await refused(sdk, root(`${product}.CreateAccessKey`), 409, 'LimitExceeded.User.AccessKey');
        const both = [key.accessKeyId, second.accessKeyId];
        assert.deepEqual(ids(await root(`${product}.ListAccessKeys`)), both);
        assert.deepEqual(ids(await root(`${other}.ListAccessKeys`)), both);

        const its = { UserAccessKeyId: second.accessKeyId };
        await root(`${other}.DeleteAccessKey`, its);
        assert.deepEqual(ids(await root(`${product}.ListAccessKeys`)), [key.accessKeyId]);
        await refused(sdk, root(`${product}.DeleteAccessKey`, its), 404, 'EntityNotExist.User.AccessKey');
      });

      it('shows when it was last used, and nothing before', async () => {
        const { root } = await newRoot(sdk);
        const second = made(await root(`${product}.CreateAccessKey`));
        const lastUsed = async () => {
          const reply = await root(`${product}.GetAccessKeyLastUsed`, { UserAccessKeyId: second.accessKeyId });
          return reply.AccessKeyLastUsed.LastUsedDate;
        };

        const before = await lastUsed();
        await sdk.connect(second)('Sts.GetCallerIdentity');
        const after = await lastUsed();

        assert.equal(before, '');
        assert.match(after, DATE);
      });

      it('signs nothing while it is disabled and once it is deleted', async () => {
        const { pk, root } = await newRoot(sdk);
        const second = made(await root(`${product}.CreateAccessKey`));
        const its = { UserAccessKeyId: second.accessKeyId };
        const identity = () => sdk.connect(second)('Sts.GetCallerIdentity');

        await root(`${product}.UpdateAccessKey`, { ...its, Status: 'Inactive' });
        const [, listed] = (await root(`${product}.ListAccessKeys`)).AccessKeys.AccessKey;
        assert.equal(listed.Status, 'Inactive');
        await refused(sdk, identity(), 400, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');

        await root(`${product}.UpdateAccessKey`, { ...its, Status: 'Active' });
        assert.equal((await identity()).AccountId, pk);

        await root(`${product}.DeleteAccessKey`, its);
        await refused(sdk, identity(), 404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
      });
    });
  }

  describe(`a call through ${sdk.name}`, () => {
    it('is refused when nobody has its key', async () => {
      const stranger = sdk.connect({ accessKeyId: 'LTAI5tNobodyHasThisKey00', accessKeySecret: 'secret' });

      const call = stranger('Ram.ListUsers');

      await refused(sdk, call, 404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    });

    it('is refused when its secret is wrong, with the string the server signed', async () => {
      const { key } = await newRoot(sdk);

      const call = sdk.connect({ ...key, accessKeySecret: 'wrong' })('Ram.ListUsers', { MaxItems: 2 });

      await refused(sdk, call, 400, 'SignatureDoesNotMatch', sdk.mismatch);
    });
  });
}
