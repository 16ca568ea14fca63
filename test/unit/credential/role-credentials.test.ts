/** Rules of finding the AWS credentials of the function's role. */
import { createServer } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { roleCredentials } from '../../../src/credential/role-credentials.ts';

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
});

/** A container endpoint that gives credentials to those who send its token. */
const startEndpoint = async (): Promise<{ readonly url: string; readonly asked: () => number }> => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    response.statusCode = request.headers.authorization === 'endpoint-token' ? 200 : 403;
    const credentials = {
      AccessKeyId: 'AKID',
      SecretAccessKey: 'key',
      Token: 'session',
      Expiration: '2099-01-01T00:00:00Z',
    };
    response.end(JSON.stringify(response.statusCode === 200 ? credentials : { code: 'Denied', message: 'denied' }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise(resolve => server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/credentials`, asked: () => asked };
};

describe('the credentials of the role', () => {
  it('are those of the variables, session token included', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'key');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    expect(await roleCredentials()).toMatchObject({
      accessKeyId: 'AKID',
      secretAccessKey: 'key',
      sessionToken: 'session',
    });
  });

  it('are read anew at each call: Lambda may change them', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID-1');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'key');
    await roleCredentials();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID-2');
    expect(await roleCredentials()).toMatchObject({ accessKeyId: 'AKID-2' });
  });

  it('come from the container endpoint if no variable holds them', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', (await startEndpoint()).url);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'endpoint-token');
    expect(await roleCredentials()).toMatchObject({ accessKeyId: 'AKID', sessionToken: 'session' });
  });

  it('are missing if neither is there, or if the endpoint refuses twice', async () => {
    await expect(roleCredentials()).rejects.toThrow();
    const { url, asked } = await startEndpoint();
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', url);
    await expect(roleCredentials()).rejects.toThrow();
    expect(asked()).toBe(2);
  });
});
