'use strict';

// A partner registers accounts and verifies them; the accounts say who they are.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, partnerSdks, seeded, newRoot, made, refused } = require('./clients');

const IDENTITY = {
  BidType: '1',
  Name: '杭州 Example & Co.',
  LicenseType: '9',
  LicenseNumber: '91330100MA27XL0000',
  Phone: '13800000000',
  IsEnterprise: true,
};

for (const sdk of partnerSdks) {
  describe(`a partner through ${sdk.name}`, () => {
    it('verifies an account it registered, takes that back and gives it again', async () => {
      const operator = sdk.connect((await seeded('operator')).key);
      const { pk, root } = await newRoot(sdk);
      const verify = () => operator('Crm.AddIdentityCertifiedForBidUser', { PK: pk, ...IDENTITY });
      const expect = async (isCertified, name, kind, number, ownView) => {
        const { Result: text } = await operator('Crm.QueryBidUserCertifiedInfo', { PK: pk, BidType: '1' });
        const info = JSON.parse(text);
        assert.deepEqual([info.isCertified, info.name, info.accountCertType, info.certNumber], [isCertified, name, kind, number]);
        assert.equal(await realName(root, 'cn-hangzhou'), ownView);
      };
      const expectVerified = () => expect('1', IDENTITY.Name, 'enterprise', IDENTITY.LicenseNumber, 'yes');
      const expectUnverified = () => expect('0', undefined, undefined, undefined, 'none');

      await expectUnverified();
      await verify();
      await expectVerified();
      await operator('Crm.RemoveIdentityCertifiedForBidUser', { PK: pk, BidType: '1' });
      await expectUnverified();
      await verify();
      await expectVerified();
    });

    it('registers an account of the International site, which needs no verification outside the mainland', async () => {
      const operator = sdk.connect((await seeded('operator')).key);

      const { PK: pk } = await operator('Aas.CreateIntlAliyunAccount', { NationalityCode: 'SG' });

      const root = sdk.connect(made(await operator('Aas.CreateAccessKeyForAccount', { PK: pk })));
      assert.equal(await realName(root, 'ap-southeast-1'), 'unnecessary');
    });

    it('is told which account it may not touch', async () => {
      const { pk, key } = await seeded('operator');
      const operator = sdk.connect(key);
      const query = (params) => operator('Crm.QueryBidUserCertifiedInfo', { BidType: '1', ...params });
      const newKey = (params) => operator('Aas.CreateAccessKeyForAccount', params);

      for (const ask of [query, newKey]) {
        await refused(sdk, ask({ PK: '1000000000000000' }), 404, 'Invalid PK');
        await refused(sdk, ask({ PK: pk }), 403, 'Bid Mismatch');
        await refused(sdk, ask({}), 400, 'Empty PK');
      }
    });

    it('is the only one who may call Aas and Crm', async () => {
      const { pk, key } = await seeded('demo');
      const demo = sdk.connect(key);

      await refused(sdk, demo('Aas.CreateAliyunAccount', { AliyunId: 'not-a-partner' }), 403, 'Not Bid');
      await refused(sdk, demo('Crm.QueryBidUserCertifiedInfo', { PK: pk, BidType: '1' }), 403, 'Not Bid');
    });
  });
}

for (const sdk of sdks) {
  describe(`a new account through ${sdk.name}`, () => {
    it('is told by STS who it is', async () => {
      const { pk, root } = await newRoot(sdk);

      const { IdentityType, AccountId, Arn } = await root('Sts.GetCallerIdentity');

      assert.deepEqual([IdentityType, AccountId, Arn], ['Account', pk, `acs:ram::${pk}:root`]);
    });
  });
}

/** What ECS tells an account about its verification. */
async function realName(root, region) {
  const reply = await root('Ecs.DescribeAccountAttributes', {
    RegionId: region,
    AttributeName: ['real-name-authentication'],
  });
  const [item] = reply.AccountAttributeItems.AccountAttributeItem;
  assert.equal(item.AttributeName, 'real-name-authentication');
  return item.AttributeValues.ValueItem[0].Value;
}
