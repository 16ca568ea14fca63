/** Rules of the zip at work: loaded as Lambda's runtime loads it, on both of its Nodes. */
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Environment, startEnvironment } from '../../local/lambda/environment.ts';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { restHeaders } from '../support/event-parts.ts';
import { httpEvent, restEvent } from '../support/events.ts';
import { type FakePdp, startFakePdp } from '../support/fake-pdp.ts';
import { type FakeSecretStores, startFakeSecretStores } from '../support/fake-secret-stores.ts';
import { REST_ARN } from '../support/golden-events.ts';
import { startKeyServer } from '../support/key-server.ts';
import { type TlsMaterial, tlsMaterials } from '../support/tls.ts';
import { keySet, signedToken, signingKey } from '../support/tokens.ts';
import { NODES, openWorkshop, packageIn, type Workshop } from './workshop.ts';

/** What PingOne's set-up guide has people type. */
const HANDLER = 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler';
const SRC = 'aws-lambda-authorizer/src';

let workshop: Workshop;
let zip = '';
beforeAll(async () => {
  workshop = await openWorkshop();
  zip = await packageIn(workshop);
}, 120_000);
afterAll(() => workshop.clear());

const unpack = async (...without: readonly string[]): Promise<string> => {
  const taskRoot = await unpackToTaskRoot(zip);
  onTestFinished(() => rm(taskRoot, { recursive: true, force: true }));
  for (const name of without) await rm(join(taskRoot, SRC, name));
  return taskRoot;
};

const start = async (
  taskRoot: string,
  env: Readonly<Record<string, string>>,
  node: string = NODES['Node 24'],
  handler = HANDLER,
): Promise<Environment> => {
  const environment = await startEnvironment({ taskRoot, handler, env, node, timeoutMs: 20_000 });
  onTestFinished(() => environment.close());
  return environment;
};

const startPdp = async (script: readonly Behaviour[], secure = false): Promise<FakePdp> => {
  const pdp = await startFakePdp({
    script,
    ...(secure ? { tls: tlsMaterials.good, host: 'localhost' as const } : {}),
  });
  onTestFinished(() => pdp.close());
  return pdp;
};

const startStores = async (tls?: TlsMaterial): Promise<FakeSecretStores> => {
  const stores = await startFakeSecretStores(tls);
  onTestFinished(() => stores.close());
  return stores;
};

const PERMIT: Behaviour = { kind: 'permit' };
const CREDENTIAL = { PINGONE_GATEWAY_CREDENTIAL: 'c-1' };
const STORES = [
  ['PINGONE_GATEWAY_CREDENTIAL_SECRET', 'secretsmanager', 'parameter-store.js'],
  ['PINGONE_GATEWAY_CREDENTIAL_PARAMETER', 'ssm', 'secrets-manager.js'],
] as const;
const ALL_LAZY = [
  'secrets-manager.js',
  'parameter-store.js',
  'export.js',
  'token-judge.js',
  'shadow.js',
  'after-answers.js',
];

describe.each(Object.entries(NODES))('on %s', (title, node) => {
  it('runs on what the title says', () => {
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toContain(title.replace('Node ', 'v'));
  });

  it('answers a permit, a denial, a 401 and nonsense, over TLS that it verifies', async () => {
    const pdp = await startPdp([PERMIT, { kind: 'deny', code: '403' }, { kind: 'deny', code: '401' }], true);
    const env = { PINGONE_SERVICE_URL: pdp.url, ...CREDENTIAL, NODE_EXTRA_CA_CERTS: tlsMaterials.caFile };
    const environment = await start(await unpack(), env, node);
    const statement = (Effect: string, Resource = REST_ARN): object => ({
      ok: true,
      payload: { policyDocument: { Statement: [{ Effect, Resource }] } },
    });
    expect(await environment.invoke(restEvent())).toMatchObject(statement('Allow'));
    expect(await environment.invoke(restEvent())).toMatchObject(statement('Deny'));
    expect(await environment.invoke(httpEvent())).toMatchObject({ ok: false, errorMessage: 'Unauthorized' });
    expect(await environment.invoke({})).toMatchObject(statement('Deny', '*'));
    // Opened ahead, used by all.
    expect(pdp.connections.opened).toBe(1);
    pdp.done();
  });

  it('trusts nobody whom the system does not trust', async () => {
    const pdp = await startPdp([], true);
    const env = { PINGONE_SERVICE_URL: pdp.url, ...CREDENTIAL, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const environment = await start(await unpack(), env, node);
    expect(await environment.invoke(restEvent())).toMatchObject({
      payload: { context: { reasonCode: 'PDP_UNREACHABLE' } },
    });
    expect(pdp.callCount).toBe(0);
  });

  it('needs neither SDK where none is configured: it works without their files', async () => {
    const pdp = await startPdp([PERMIT]);
    const environment = await start(await unpack(...ALL_LAZY), { PINGONE_SERVICE_URL: pdp.url, ...CREDENTIAL }, node);
    expect(await environment.invoke(restEvent())).toMatchObject({ payload: { context: { effect: 'permit' } } });
  });

  it('loads no part of Node that it does not use: undici is what an import of node:http would bring', async () => {
    const pdp = await startPdp([PERMIT]);
    const taskRoot = await unpack();
    const code = `import { handler as authorize } from './${SRC}/aws-lambda-authorizer.mjs';
      export const handler = async event => [
        (await authorize(event, {})).context.effect,
        process.moduleLoadList.filter(name => name.includes('undici')),
      ];`;
    await writeFile(join(taskRoot, 'watched.mjs'), code);
    const env = { PINGONE_SERVICE_URL: pdp.url, ...CREDENTIAL };
    const environment = await start(taskRoot, env, node, 'watched.handler');
    expect(await environment.invoke(restEvent())).toEqual({ ok: true, payload: ['permit', []] });
  });

  describe.each(STORES)('%s', (variable, store, other) => {
    it('loads that store alone', async () => {
      const stores = await startStores();
      stores.put(store, '/pingone', '{"credential":"from-store"}');
      const pdp = await startPdp([PERMIT]);
      const env = { PINGONE_SERVICE_URL: pdp.url, [variable]: '/pingone', ...stores.environment };
      const environment = await start(await unpack(other, 'export.js'), env, node);
      expect(await environment.invoke(restEvent())).toMatchObject({ payload: { context: { effect: 'permit' } } });
      expect([pdp.calls[0]?.credential, stores.callCount(store)]).toEqual(['from-store', 1]);
    });

    it('asks that store on one TLS connection, also if it has to ask twice', async () => {
      const stores = await startStores(tlsMaterials.good);
      stores.put(store, '/pingone', 'c-1');
      stores.script({ kind: 'throttled' });
      const pdp = await startPdp([PERMIT]);
      const env = {
        PINGONE_SERVICE_URL: pdp.url,
        [variable]: '/pingone',
        ...stores.environment,
        NODE_EXTRA_CA_CERTS: tlsMaterials.caFile,
      };
      const environment = await start(await unpack(), env, node);
      expect(await environment.invoke(restEvent())).toMatchObject({ payload: { context: { effect: 'permit' } } });
      expect([stores.callCount(store), stores.connections]).toEqual([2, 1]);
    });
  });

  it('TOKEN_GATE=signature loads the gate, and no part of Node for it that costs a cold start', async () => {
    const key = signingKey('key-1');
    const server = await startKeyServer({ body: keySet(key) });
    const pdp = await startPdp([PERMIT]);
    const taskRoot = await unpack();
    const code = `import { handler as authorize } from './${SRC}/aws-lambda-authorizer.mjs';
      export const handler = async event => [
        (await authorize(event, {}).catch(error => ({ context: { effect: error.message } }))).context.effect,
        process.moduleLoadList.filter(name => name.includes('undici')),
      ];`;
    await writeFile(join(taskRoot, 'watched.mjs'), code);
    const gate = { TOKEN_GATE: 'signature', TOKEN_GATE_JWKS_URL: server.url };
    const environment = await start(
      taskRoot,
      { PINGONE_SERVICE_URL: pdp.url, ...CREDENTIAL, ...gate },
      node,
      'watched.handler',
    );
    const asked = (token: string) => environment.invoke(restEvent(restHeaders([['Authorization', `Bearer ${token}`]])));
    expect(await asked(signedToken(key, {}))).toEqual({ ok: true, payload: ['permit', []] });
    expect(await asked(signedToken(signingKey('key-1'), {}))).toEqual({ ok: true, payload: ['Unauthorized', []] });
    expect([pdp.callCount, server.asked]).toEqual([1, 1]);
  });

  it('comes up closed where nothing is configured, and says all that is missing in one line', async () => {
    const environment = await start(await unpack(), {}, node);
    expect(await environment.invoke(restEvent())).toMatchObject({
      payload: { context: { reasonCode: 'CONFIG_INVALID', status: '500' } },
    });
    const problems = environment.lines.filter(line => line.includes('"message":"configuration"'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('PINGONE_SERVICE_URL');
    expect(problems[0]).toContain('PINGONE_GATEWAY_CREDENTIAL');
  });
});

describe('a store’s file that is missing', () => {
  it('fails closed, and the process goes on', async () => {
    const pdp = await startPdp([]);
    const env = { PINGONE_SERVICE_URL: pdp.url, PINGONE_GATEWAY_CREDENTIAL_SECRET: 'x' };
    const environment = await start(await unpack(...ALL_LAZY), env);
    for (let at = 0; at < 2; at += 1) {
      expect(await environment.invoke(restEvent())).toMatchObject({
        payload: { context: { reasonCode: 'CREDENTIAL_UNAVAILABLE' } },
      });
    }
    expect(environment.alive).toBe(true);
  });
});
