'use strict';

const { $OpenApiUtil } = require('@alicloud/openapi-core');
const PopCore = require('@alicloud/pop-core');
const StsSdk = require('@alicloud/sts-sdk');
const { default: Sts } = require('@alicloud/sts20150401');

const { host } = new URL(process.env.ALIMOCK_ENDPOINT);
const key = {
  accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
  accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
};

async function tea(protocol) {
  const { body } = await new Sts(new $OpenApiUtil.Config({ ...key, endpoint: host, protocol })).getCallerIdentity();
  return body.arn;
}

async function popCore(protocol) {
  const client = new PopCore({ ...key, endpoint: `${protocol}://${host}`, apiVersion: '2015-04-01' });
  return (await client.request('GetCallerIdentity', {})).Arn;
}

/** This package supports HTTPS only. */
async function stsSdk() {
  return (await new StsSdk({ ...key, endpoint: host }).getCallerIdentity()).Arn;
}

exports.plain = () => Promise.all([tea('http'), popCore('http')]);
exports.tls = () => Promise.all([tea('https'), popCore('https'), stsSdk()]);
