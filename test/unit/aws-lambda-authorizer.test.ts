/** Rules of the Lambda entry: the environment variables in, a handler out. The zip of it is tested in test/package. */
import { describe, expect, it, vi } from 'vitest';
import { restEvent } from '../support/events.ts';
import { startFakePdp } from '../support/fake-pdp.ts';

describe('the handler', () => {
  it('is made of the environment, declares two parameters, and decides', async () => {
    const pdp = await startFakePdp({ script: [{ kind: 'permit' }] });
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      vi.stubEnv('PINGONE_SERVICE_URL', pdp.url);
      vi.stubEnv('PINGONE_GATEWAY_CREDENTIAL', 'c-1');
      const { handler } = await import('../../src/aws-lambda-authorizer.ts');
      expect(handler).toHaveLength(2);
      expect(await handler(restEvent(), {})).toMatchObject({ context: { effect: 'permit' } });
      expect(pdp.calls[0]?.credential).toBe('c-1');
      expect(lines.mock.calls.some(([line]) => String(line).includes('"message":"decision"'))).toBe(true);
    } finally {
      lines.mockRestore();
      await pdp.close();
    }
  });
});
