// The package without a framework: the program is found, started and stopped; worlds are made and changed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { AlimockError, connectAlimock, startAlimock } from 'alimock';
import { eventually, execute, runs } from './support.mjs';

const require = createRequire(import.meta.url);
const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'alimock-test-'));
after(() => fs.rmSync(empty, { recursive: true }));

/** Writes a program that says something, and returns its path. */
function script(name, text) {
  const file = path.join(empty, name);
  fs.writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

const environment = { ...process.env };

/** Sets variables for a test. */
function withEnv(t, env) {
  t.after(() => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
  });
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** Runs a script in another process that starts the emulator, and prints something. */
function inProcess(text, env) {
  const code = `const { startAlimock } = require('alimock'); (async () => { ${text} })().catch((error) => { console.log(error.message); process.exit(1); });`;
  return execute([process.execPath, '-e', code], { env });
}

async function status(endpoint) {
  const answer = await fetch(`${endpoint}/?Action=ListUsers&Version=2015-05-01`);
  return answer.status;
}

describe('the program', () => {
  test('is the installed one, found by `import` and `require`', async () => {
    assert.equal(require('alimock').startAlimock, startAlimock);

    await using_(await startAlimock(), async (server) => {
      assert.match(server.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(await server.call('GET', '/version'), { name: 'alimock', version: process.env.WANTED_VERSION });
    });
  });

  test('is the one of ALIMOCK_BIN, a path or a name on the PATH', async (t) => {
    withEnv(t, { ALIMOCK_BIN: script('mine', 'echo I am another >&2; exit 3') });
    await assert.rejects(startAlimock(), { name: 'AlimockError', message: 'alimock did not start: I am another' });

    withEnv(t, { ALIMOCK_BIN: 'mine', PATH: `${empty}:${process.env.PATH}` });
    await assert.rejects(startAlimock(), { message: 'alimock did not start: I am another' });

    withEnv(t, { ALIMOCK_BIN: '/nowhere/alimock' });
    await assert.rejects(startAlimock(), { message: 'ALIMOCK_BIN: there is no program `/nowhere/alimock`' });
  });

  test('is looked for on the PATH if no package has it, else the message says what to do', async () => {
    // A copy of the package without the one of this platform.
    const alone = path.join(empty, 'alone');
    fs.cpSync(path.dirname(require.resolve('alimock/package.json')), alone, { recursive: true });
    const found = path.join(empty, 'found');
    fs.mkdirSync(found);
    fs.symlinkSync(script('other', 'echo from the PATH; exit 5'), path.join(found, 'alimock'));
    const launchers = path.join(empty, 'launchers');
    fs.mkdirSync(launchers);
    fs.symlinkSync(path.join(alone, 'bin/alimock.js'), path.join(launchers, 'alimock'));
    const launch = (...folders) => execute([process.execPath, path.join(alone, 'bin/alimock.js')], { env: { PATH: folders.join(':') } });

    assert.deepEqual(await launch(launchers, found), { text: 'from the PATH\n', code: 5 });
    const { text, code } = await launch(launchers);
    assert.match(text, /^error: there is no program `alimock`: install the package `@alimock\/\w+-\w+` .* ALIMOCK_BIN\n$/);
    assert.equal(code, 2);
  });

  test('gets the scenario and options, and no settings of the environment', async (t) => {
    withEnv(t, { ALIMOCK_SCENARIO: 'no-such-scenario', ALIMOCK_CONTROL_TOKEN: 'not-for-this-one' });

    await using_(await startAlimock({ scenario: 'key-leaked', args: ['--seed', '7'] }), async (server) => {
      const world = await server.world();
      assert.deepEqual(
        world.accounts.map((account) => account.name),
        ['demo'],
      );
    });
    await assert.rejects(startAlimock({ args: ['--nonsense'] }), /alimock did not start: .*--nonsense/);
  });

  test('does not block when it writes much, and its log is no file that remains', async (t) => {
    const folder = path.join(empty, 'temporary');
    fs.mkdirSync(folder);
    withEnv(t, { TMPDIR: folder });

    await using_(await startAlimock({ args: ['--log', 'trace'] }), async (server) => {
      for (let n = 0; n < 500; n += 1) assert.equal(await status(`${server.endpoint}/${'x'.repeat(200)}`), 400);
      assert.deepEqual(fs.readdirSync(folder), []);
    });
  });

  test('ends when it is stopped, when its process ends, and when its process is killed', async (t) => {
    const started = `process.env.ALIMOCK_BIN = ${JSON.stringify(script('with-pid', 'echo $$ >"$PID_FILE"; exec "$REAL" "$@"'))};`;
    const env = { PID_FILE: path.join(empty, 'pid'), REAL: process.env.WANTED_PROGRAM };
    const pid = () => Number(fs.readFileSync(env.PID_FILE, 'utf8'));

    const stopped = await inProcess(
      `${started} const server = await startAlimock(); await server.stop(); await server.stop(); console.log('stopped');`,
      env,
    );
    assert.deepEqual(stopped, { text: 'stopped\n', code: 0 });
    assert.equal(runs(pid()), false);

    const ended = await inProcess(`${started} await startAlimock(); console.log('ended');`, env);
    assert.deepEqual(ended, { text: 'ended\n', code: 0 });
    assert.equal(await eventually(() => !runs(pid())), true);

    const code = `${started} require('alimock').startAlimock().then(() => { console.log('up'); setInterval(() => {}, 1000); });`;
    const child = spawn(process.execPath, ['-e', code], {
      env: { ...process.env, ...env },
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    assert.equal(runs(pid()), true);
    child.kill('SIGKILL');
    assert.equal(await eventually(() => !runs(pid())), true);
  });
});

describe('the launcher', () => {
  const launcher = [process.execPath, require.resolve('alimock/package.json').replace('package.json', 'bin/alimock.js')];

  test('gives arguments, output, exit codes and signals', async (t) => {
    const { text, code } = await execute([...launcher, 'version']);
    assert.match(text, new RegExp(`^alimock ${process.env.WANTED_VERSION}`));
    assert.equal(code, 0);
    assert.equal((await execute([...launcher, '--nonsense'])).code, 2);
    assert.equal((await execute([...launcher, 'run', '--log', 'off', '--', 'sh', '-c', 'exit 7'])).code, 7);

    for (const signal of ['SIGTERM', 'SIGINT']) {
      const child = spawn(launcher[0], [launcher[1], 'serve', '--listen', '127.0.0.1:0', '--color', 'never'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      t.after(() => child.kill('SIGKILL'));
      let text = '';
      child.stderr.on('data', (part) => (text += part));
      assert.equal(await eventually(() => text.includes('checks')), true);
      const [, endpoint] = /listens on (\S+)/.exec(text);
      child.kill(signal);
      // The program ends well after a signal.
      assert.deepEqual(await once(child, 'exit'), [0, null], text);
      await assert.rejects(status(endpoint));
    }
  });

  test('ends by the signal that ended the program', async (t) => {
    withEnv(t, { ALIMOCK_BIN: script('dies', 'kill -9 $$') });
    assert.equal((await execute(launcher)).code, 'SIGKILL');
  });
});

describe('a world', () => {
  test('is made, forked, changed, explained, compared and deleted', async () => {
    await using_(await startAlimock(), async (server) => {
      const world = await server.world(undefined, { name: 'one[a]', as: 'demo/dev' });
      const key = world.caller('demo/dev');
      const keys = async () => (await world.call('GET', '/accounts/demo/access-keys', undefined, { user: 'dev' })).accessKeys;

      assert.match(world.name, /^one-a/);
      assert.equal(world.env.ALIBABA_CLOUD_ACCESS_KEY_ID, key.id);
      assert.equal(world.host, world.env.ALIBABA_CLOUD_ENDPOINT);
      assert.equal(world.endpoint, `http://${world.host}`);
      assert.notEqual(world.endpoint, server.endpoint);
      assert.throws(() => world.caller('demo/nobody'), /`demo\/nobody` has no key in the scenario; these have one: .*demo\/dev/);
      assert.throws(() => world.caller('demo/dev/x'), AlimockError);

      await world.key.disable('demo/dev');
      assert.deepEqual(
        (await keys()).map((one) => one.status),
        ['Inactive'],
      );
      await world.key.enable(key.id);
      await world.key.leak(key.id);
      assert.deepEqual(
        (await keys()).map((one) => [one.status, one.leaked]),
        [['Active', true]],
      );
      const fork = await server.fork(world, { name: 'two' });
      await world.key.delete(key.id);
      assert.deepEqual(await keys(), []);
      assert.equal(fork.caller('demo/dev').secret, key.secret);

      const before = (await world.clock.read()).resource.now;
      assert.deepEqual(await world.clock.advance('30m'), []);
      assert.ok((await world.clock.read()).resource.now > before);
      const { resource } = await world.clock.set({ resource: '2026-01-01T00:00:00Z' });
      assert.equal(resource.now, '2026-01-01T00:00:00Z');

      const rule = await world.faults.add({ match: { action: 'ListUsers' }, do: { error: { code: 'Throttling.User' } } });
      assert.equal(await status(world.endpoint), 400);
      assert.deepEqual(
        (await world.faults.list()).map((one) => one.id),
        [rule],
      );
      await world.faults.remove(rule);
      assert.deepEqual(await world.faults.list(), []);

      const [call] = await world.calls();
      assert.deepEqual([call.name, call.code, call.record.action], ['Ram.ListUsers', 'Throttling.User', 'ListUsers']);
      assert.match(`${call}`, /^400 Ram\.ListUsers - Throttling\.User: .+ \(.+\)$/);
      assert.equal((await world.why()).request.requestId, call.requestId);
      assert.equal((await world.why(call.requestId)).request.requestId, call.requestId);
      assert.deepEqual(await world.verify([{ name: 'none', calls: { action: 'ListUsers' }, times: 1 }]), []);
      assert.equal((await world.verify([{ name: 'none', calls: { action: 'ListUsers' }, times: 0 }])).length, 1);
      assert.match(await world.export(), /accounts:/);
      assert.ok(await world.do('setState', { account: 'demo', status: 'ARREARS' }));

      await world.delete();
      await assert.rejects(world.call('GET', ''), { code: 'world_not_found' });
      await assert.rejects(status(world.endpoint));
    });
  });

  test('comes from a file, a URL, YAML or an object', async () => {
    const file = path.join(empty, 'mine.yaml');
    fs.writeFileSync(file, 'accounts: [{name: shop}]');
    await using_(await startAlimock({ scenario: new URL(`file://${file}`) }), async (server) => {
      for (const scenario of [undefined, file, new URL(`file://${file}`), 'accounts: [{name: shop}]', { accounts: [{ name: 'shop' }] }]) {
        assert.deepEqual(
          (await server.world(scenario)).accounts.map((account) => account.name),
          ['shop'],
        );
      }
    });
  });

  test('sets the environment, removes other credentials, and undoes both', async () => {
    await using_(await startAlimock(), async (server) => {
      const world = await server.world();
      const env = { ALIBABA_CLOUD_SECURITY_TOKEN: 'real', ALICLOUD_REGION: 'real', HOME: '/root' };
      const before = { ...env };

      const undo = world.changeEnvironment(env);
      assert.deepEqual(env, { HOME: '/root', ...world.env });
      undo();
      assert.deepEqual(env, before);
    });
  });

  test('more calls than a page has are all found', async () => {
    await using_(await startAlimock({ args: ['--log', 'info'] }), async (server) => {
      const world = await server.world();
      for (let n = 0; n < 51; n += 1) await Promise.all(Array.from({ length: 20 }, () => status(world.endpoint)));
      assert.equal((await world.calls()).length, 1020);
    });
  });
});

describe('the control API', () => {
  test('says code, message and hint of a refusal, and who does not answer', async () => {
    await using_(await startAlimock(), async (server) => {
      const world = await server.world();
      await assert.rejects(
        world.do('disableKey', { key: 'nobody' }),
        (error) => error instanceof AlimockError && error.code !== '' && error.message.includes('nobody'),
      );
      await assert.rejects(server.world('no-such-scenario'), {
        code: 'unknown_scenario',
        message: /^POST \/worlds: unknown_scenario: .*; /,
      });
    });
    await assert.rejects(
      new Promise((resolve) => resolve(connectAlimock({ endpoint: 'http://127.0.0.1:1', ports: true }))).then((server) => server.world()),
      {
        name: 'AlimockError',
        code: '',
        message: /^POST http:\/\/127\.0\.0\.1:1\/_alimock\/worlds\S*: no emulator answers: .*ECONNREFUSED/,
      },
    );
  });

  test('is called directly, with its token, at ALIMOCK_ENDPOINT and from other processes', async (t) => {
    const proxied = [];
    const proxy = http
      .createServer((request, answer) => answer.writeHead(500).end(proxied.push(request.url) && 'proxy'))
      .listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const url = `http://127.0.0.1:${proxy.address().port}`;
    const child = spawn(
      process.env.WANTED_PROGRAM,
      ['serve', '--listen', '127.0.0.1:0', '--color', 'never', '--control-token', 'not-for-everybody'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    t.after(() => child.kill());
    const [data] = await once(child.stderr, 'data');
    const [, endpoint] = /listens on (\S+)/.exec(String(data));

    const server = await connectAlimock({ endpoint, token: 'not-for-everybody' });
    assert.deepEqual(server.address, { endpoint, token: 'not-for-everybody', ports: true });
    assert.deepEqual(
      (await server.call('GET', '/worlds')).worlds.map(({ world }) => world),
      ['default'],
    );
    const text = `const { connectAlimock } = require('alimock'); console.log((await (await connectAlimock(${JSON.stringify(server.address)})).world()).name.length > 0);`;
    const proxies = {
      HTTP_PROXY: url,
      http_proxy: url,
      HTTPS_PROXY: url,
      ALL_PROXY: url,
      NODE_USE_ENV_PROXY: '1',
      NO_PROXY: '',
      no_proxy: '',
    };
    assert.deepEqual(await inProcess(text, proxies), { text: 'true\n', code: 0 });
    assert.deepEqual(proxied, []);
    await assert.rejects(server.call('GET', '/worlds/nowhere'), { code: 'world_not_found' });
    await assert.rejects((await connectAlimock({ endpoint, token: 'wrong-token' })).world(), { code: 'wrong_token' });
  });

  test('reaches worlds by their keys where their ports are not reachable', async (t) => {
    // As a container does, the relay publishes one port.
    await using_(await startAlimock(), async (inside) => {
      const relay = http.createServer((request, answer) => {
        const { method, url, headers } = request;
        // The server in a container does not have the addresses of this machine.
        const there = http.request(
          inside.endpoint + url.replace('listen=127.0.0.1', 'listen=10.255.255.1'),
          { method, headers },
          (said) => {
            answer.writeHead(said.statusCode, said.headers);
            said.pipe(answer);
          },
        );
        request.pipe(there);
      });
      await once(relay.listen(0, '127.0.0.1'), 'listening');
      t.after(() => relay.close());
      const endpoint = `http://127.0.0.1:${relay.address().port}`;

      const server = await connectAlimock({ endpoint });

      assert.equal(server.ports, false);
      const world = await server.world('accounts: [{name: shop, keys: [{}]}]');
      assert.equal(world.endpoint, endpoint);
      assert.equal(world.env.ALIBABA_CLOUD_ENDPOINT, new URL(endpoint).host);
      await fetch(`${endpoint}/?Action=ListUsers&Version=2015-05-01&AccessKeyId=${world.caller('shop').id}`);
      assert.equal((await world.calls()).length, 1);
    });
  });
});

/** `await using` for versions of Node without it. */
async function using_(server, run) {
  try {
    await run(server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}
