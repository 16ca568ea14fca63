/** Rules of the secret stores' clients in the zip: small, with the role's credentials, and at the endpoint that AWS's variables name. */
import dns from 'node:dns';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { unpackToTaskRoot } from '../../local/lambda/unpack.ts';
import { startFakeSecretStores } from '../support/fake-secret-stores.ts';
import { openWorkshop, packageIn, type Workshop } from './workshop.ts';

const STORES = [
  // The usual endpoint of Secrets Manager is dual-stack already.
  ['secrets-manager.js', 'fetchSecret', 'secretsmanager', 'secretsmanager.eu-west-1.amazonaws.com'],
  ['parameter-store.js', 'fetchParameter', 'ssm', 'ssm.eu-west-1.api.aws'],
] as const;

let workshop: Workshop;
let taskRoot = '';
beforeAll(async () => {
  workshop = await openWorkshop();
  taskRoot = await unpackToTaskRoot(await packageIn(workshop));
}, 120_000);
afterAll(async () => {
  await workshop.clear();
  await rm(taskRoot, { recursive: true, force: true });
});
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
});

const fileOf = (name: string): string => join(taskRoot, 'aws-lambda-authorizer/src', name);

const stub = (variables: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
};

const KEYS = { AWS_REGION: 'us-gov-west-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'key' };
const CONTAINER_CREDENTIALS = {
  AccessKeyId: 'AKID',
  SecretAccessKey: 'key',
  Token: 'session',
  Expiration: '2099-01-01T00:00:00Z',
};

describe.each(STORES)('%s', (file, name, store, dualStack) => {
  const fetchText = (id: string, region?: string): Promise<string> =>
    createRequire(fileOf(file))(fileOf(file))[name](id, new AbortController().signal, region);

  /** The host that the client looks up, which then cannot be found. */
  const hostAsked = async (region?: string): Promise<unknown> => {
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((_host: string, ...rest: readonly unknown[]) => {
      const done = rest.at(-1);
      if (typeof done === 'function') done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    }) as typeof dns.lookup);
    onTestFinished(() => lookup.mockRestore());
    await expect(fetchText('/pingone', region)).rejects.toThrow();
    return lookup.mock.calls.at(-1)?.[0];
  };

  it('holds no credential provider that Lambda has no use for', async () => {
    const code = await readFile(fileOf(file), 'utf8');
    expect(code.length).toBeLessThan(180_000);
    expect(code).not.toMatch(/sso_start_url|credential_process|AssumeRoleWithWebIdentity|169\.254\.169\.254.*role/);
    expect(code).not.toContain('EventStreamCodec');
  });

  it('asks the region of the function, or the one that it is told', async () => {
    stub(KEYS);
    expect(await hostAsked()).toBe(`${store}.us-gov-west-1.amazonaws.com`);
    expect(await hostAsked('eu-west-1')).toBe(`${store}.eu-west-1.amazonaws.com`);
  });

  it('asks the FIPS endpoint if AWS_USE_FIPS_ENDPOINT says so', async () => {
    stub({ ...KEYS, AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' });
    expect(await hostAsked()).toBe(`${store}-fips.us-east-1.amazonaws.com`);
  });

  it('asks the dual-stack endpoint if AWS_USE_DUALSTACK_ENDPOINT says so', async () => {
    stub({ ...KEYS, AWS_REGION: 'eu-west-1', AWS_USE_DUALSTACK_ENDPOINT: 'true' });
    expect(await hostAsked()).toBe(dualStack);
  });

  it('signs with the credentials of the container endpoint if no variable holds any', async () => {
    const endpoint = createServer((_request, response) => {
      response.end(JSON.stringify(CONTAINER_CREDENTIALS));
    });
    await new Promise<void>(resolve => endpoint.listen(0, '127.0.0.1', resolve));
    const stores = await startFakeSecretStores();
    onTestFinished(async () => {
      endpoint.close();
      await stores.close();
    });
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...others } = stores.environment;
    const address = endpoint.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    stub({ ...others, AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials` });
    stores.put(store, '/pingone', 'c-1');
    expect(await fetchText('/pingone')).toBe('c-1');
    expect(stores.calls).toMatchObject([{ signed: true }]);
  });

  it.each(['AccessDeniedException', 'ThrottlingException'])(
    'tells %s by its name, though no class is for it',
    async error => {
      const stores = await startFakeSecretStores();
      onTestFinished(() => stores.close());
      stub(stores.environment);
      stores.otherwise({ kind: error === 'AccessDeniedException' ? 'accessDenied' : 'throttled' });
      const fault: unknown = await fetchText('/pingone').catch((thrown: unknown) => thrown);
      expect(fault).toMatchObject({ cause: { name: error } });
    },
  );
});
