/** The AuthZEN control: it asks AuthZEN's question of a real service, and refuses if anything is missing. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listenOnLoopback, readBody } from '../../../../local/loopback.ts';
import { httpEvent } from '../../../support/events.ts';

const controlAsking = async (reply: string) => {
  const asked: string[] = [];
  const service = await listenOnLoopback(async (request, response) => {
    asked.push(`${request.url} ${await readBody(request)}`);
    response.end(reply);
  });
  onTestFinished(() => service.close());
  vi.stubEnv('BENCH_AUTHZEN_URL', service.origin);
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  vi.spyOn(console, 'error').mockReturnValue(undefined);
  onTestFinished(() => void vi.restoreAllMocks());
  vi.resetModules();
  const { handler } = await import('../../../../bench/controls/authzen.ts');
  return { asked, ask: (event: unknown) => handler(event as Parameters<typeof handler>[0]) };
};

describe('the AuthZEN control', () => {
  it('asks whether the token’s user may use the route, and answers what the service says', async () => {
    const { asked, ask } = await controlAsking('{"decision":true}');
    const { routeKey } = httpEvent() as { readonly routeKey: string };
    const [name, id] = routeKey.split(' ');
    await expect(ask(httpEvent())).resolves.toEqual({ isAuthorized: true });
    expect(asked).toEqual([
      `/access/v1/evaluation ${JSON.stringify({
        subject: { type: 'user', id: 'alice' },
        action: { name },
        resource: { type: 'route', id },
        context: {},
      })}`,
    ]);
  });

  it.each(['{"decision":false}', 'no JSON', '{}'])('refuses on %s', async reply => {
    const { ask } = await controlAsking(reply);
    await expect(ask(httpEvent())).resolves.toEqual({ isAuthorized: false });
  });

  it('refuses a caller without a token, and asks nobody', async () => {
    const { asked, ask } = await controlAsking('{"decision":true}');
    await expect(ask(httpEvent({ headers: { authorization: '' } }))).resolves.toEqual({ isAuthorized: false });
    expect(asked).toEqual([]);
  });
});
