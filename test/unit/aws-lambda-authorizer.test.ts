/** Rules of the Lambda entry: the environment variables in, a handler out. The zip of it is tested in test/package. */
import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { listenOnLoopback } from '../../local/loopback.ts';
import { restEvent } from '../support/events.ts';
import { startFakePdp } from '../support/fake-pdp.ts';

beforeEach(() => vi.resetModules());

describe('the handler', () => {
  it('is made of the environment, declares two parameters, and decides', async () => {
    const pdp = await startFakePdp({ script: [{ kind: 'permit' }] });
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      vi.stubEnv('PINGONE_SERVICE_URL', pdp.url);
      vi.stubEnv('PINGONE_GATEWAY_CREDENTIAL', 'c-1');
      const { handler, ready } = await import('../../src/aws-lambda-authorizer.ts');
      expect(handler).toHaveLength(2);
      expect(ready).toBeUndefined();
      expect(await handler(restEvent(), {})).toMatchObject({ context: { effect: 'permit' } });
      expect(pdp.calls[0]?.credential).toBe('c-1');
      expect(lines.mock.calls.some(([line]) => String(line).includes('"message":"decision"'))).toBe(true);
    } finally {
      lines.mockRestore();
      await pdp.close();
    }
  });

  it('has init wait for the registration where spans are exported', async () => {
    const { promise: asked, resolve: register } = Promise.withResolvers<ServerResponse>();
    const lambda = await listenOnLoopback((_request, response) => register(response));
    onTestFinished(lambda.close);
    vi.stubEnv('PINGONE_SERVICE_URL', 'http://127.0.0.1:9');
    vi.stubEnv('PINGONE_GATEWAY_CREDENTIAL', 'c-1');
    vi.stubEnv('PINGONE_PREWARM', 'false');
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_LAMBDA_RUNTIME_API', lambda.origin.slice('http://'.length));
    const { ready } = await import('../../src/aws-lambda-authorizer.ts');
    (await asked).writeHead(403).end();
    expect(ready).toBeInstanceOf(Promise);
    expect(await ready).toBeUndefined();
  });
});
