import { useAlimock } from 'alimock/vitest';
import { describe, expect, test } from 'vitest';
import { client, Ram, rotate, Session, Sts } from './app.js';

const caller = (Kind) => client(Kind, process.env.ALIBABA_CLOUD_ACCESS_KEY_ID, process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET);

describe('a rotation', () => {
  const alimock = useAlimock({ scenario: 'key-answer-lost' });

  test('survives a lost answer', async () => {
    const made = await rotate(caller(Ram), 'ci');

    const { accessKeys } = await alimock.world.call('GET', '/accounts/demo/access-keys', undefined, { user: 'ci' });
    expect(accessKeys.map((key) => key.accessKeyId)).toEqual([made.accessKeyId]);
  });
});

describe('work', () => {
  const alimock = useAlimock({ scenario: 'session.yaml', as: 'demo/ci' });

  test('goes on when the credentials of a role expire', async () => {
    const session = new Session(caller(Sts), 'acs:ram::1897304235598129:role/deploy');
    expect(await session.users()).toEqual(['ci']);

    await alimock.world.clock.advance('2h');

    expect(await session.users()).toEqual(['ci']);
  });
});
