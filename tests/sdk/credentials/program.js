// Takes credentials from @alicloud/credentials: see `check`.
'use strict';
const readline = require('node:readline');
const { default: Credential, Config } = require('@alicloud/credentials');

function make(wanted) {
  if (wanted.type === 'default') return new Credential();
  const { uri, ...others } = wanted;
  return new Credential(new Config({ ...others, ...(uri && { credentialsURI: uri }) }));
}

(async () => {
  let client;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    let told = {};
    try {
      if (asked.make) {
        client = make(asked.make);
      } else {
        const made = await client.getCredential();
        told = { id: made.accessKeyId, secret: made.accessKeySecret, token: made.securityToken };
      }
    } catch (error) {
      told = { error: String(error.message || error) };
    }
    console.log(JSON.stringify(told));
  }
})();
