/** The fake secret stores speak what the real AWS SDK clients send and expect. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeSecretStores, startFakeSecretStores } from '../../support/fake-secret-stores.ts';
import type { SecretFault } from '../../support/secret-store-answers.ts';

let stores: FakeSecretStores;
let secretsManager: SecretsManagerClient;
let ssm: SSMClient;

beforeEach(async () => {
  stores = await startFakeSecretStores();
  for (const [name, value] of Object.entries(stores.environment)) vi.stubEnv(name, value);
  secretsManager = new SecretsManagerClient({ maxAttempts: 1 });
  ssm = new SSMClient({ maxAttempts: 1 });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  secretsManager.destroy();
  ssm.destroy();
  await stores.close();
});

const secret = (SecretId: string, abortSignal = AbortSignal.timeout(2000)) =>
  secretsManager.send(new GetSecretValueCommand({ SecretId }), { abortSignal });
const parameter = async (Name: string, WithDecryption = true) => {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption }));
  return Parameter?.Value;
};

describe('values', () => {
  it('a secret is found by name and by ARN, and can be changed', async () => {
    stores.put('secretsmanager', 'pingone/gateway', 'one');
    expect((await secret('pingone/gateway')).SecretString).toBe('one');
    stores.put('secretsmanager', 'pingone/gateway', 'two');
    const byArn = await secret('arn:aws:secretsmanager:us-east-1:123456789012:secret:pingone/gateway-a1B2c3');
    expect([byArn.SecretString, byArn.Name]).toEqual(['two', expect.stringContaining('pingone/gateway')]);
    expect(stores.callCount('secretsmanager')).toBe(2);
    expect(stores.calls.every(({ signed }) => signed)).toBe(true);
    stores.done();
  });

  it('a secret may be bytes', async () => {
    stores.put('secretsmanager', 'bytes', Buffer.from([1, 2, 255]));
    const { SecretString, SecretBinary } = await secret('bytes');
    expect([SecretString, [...(SecretBinary ?? [])]]).toEqual([undefined, [1, 2, 255]]);
  });

  it('a parameter is found by name and by ARN, and is ciphertext unless decryption was asked for', async () => {
    stores.put('ssm', '/pingone/gateway', 'one');
    expect(await parameter('/pingone/gateway')).toBe('one');
    expect(await parameter('arn:aws:ssm:us-east-1:123456789012:parameter/pingone/gateway')).toBe('one');
    expect(await parameter('/pingone/gateway', false)).not.toBe('one');
    expect(stores.calls.map(({ withDecryption }) => withDecryption)).toEqual([true, true, false]);
  });

  it('what is not stored is not found', async () => {
    await expect(secret('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(parameter('/none')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });
});

describe('faults', () => {
  const named: readonly (readonly [SecretFault, object])[] = [
    [{ kind: 'throttled' }, { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    [{ kind: 'serverError', status: 503 }, { $metadata: { httpStatusCode: 503 } }],
    [{ kind: 'accessDenied' }, { name: 'AccessDeniedException' }],
    [{ kind: 'notFound' }, { name: 'ResourceNotFoundException' }],
    [{ kind: 'drop' }, { code: 'ECONNRESET' }],
    [{ kind: 'garbled' }, { name: 'SyntaxError' }],
  ];
  it.each(named)('%o reaches the SDK as such', async (fault, error) => {
    stores.put('secretsmanager', 's', 'v');
    stores.script(fault);
    await expect(secret('s')).rejects.toMatchObject(error);
    expect((await secret('s')).SecretString).toBe('v');
    stores.done();
  });

  it('a hang lasts until the caller gives up, and slow is late', async () => {
    stores.put('secretsmanager', 's', 'v');
    stores.script({ kind: 'hang' }, { kind: 'slow', ms: 30 });
    await expect(secret('s', AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'AbortError' });
    expect((await secret('s')).SecretString).toBe('v');
  });

  it('otherwise holds until it is taken back', async () => {
    stores.put('ssm', '/p', 'v');
    stores.otherwise({ kind: 'accessDenied' });
    await expect(parameter('/p')).rejects.toThrow();
    await expect(parameter('/p')).rejects.toThrow();
    stores.otherwise(undefined);
    expect(await parameter('/p')).toBe('v');
  });

  it('a fault that nobody met fails', () => {
    stores.script({ kind: 'hang' });
    expect(() => stores.done()).toThrow('scripted but not met: hang');
  });
});
