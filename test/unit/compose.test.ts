/** Rules for the composition: each variable reaches its part. The tests of each part hold what the part does. */
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../src/compose.ts';
import type { Overrides } from '../../src/compose-parts.ts';
import type { Environment } from '../../src/config/configuration.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Call } from '../../src/domain/call.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import type { Post, Send } from '../../src/pdp/send.ts';
import type { SidebandReply } from '../../src/sideband/wire.ts';
import { restEvent } from '../support/events.ts';
import { fakeClock, settled } from './fake-clock.ts';

const ENVIRONMENT = { PINGONE_SERVICE_URL: 'https://h.example/v1', PINGONE_GATEWAY_CREDENTIAL: 'c-1' };

type Reply = (post: Post, call: Call) => Promise<SidebandReply>;
const echo: Reply = async ({ body }) => ({ status: 200, headers: {}, body: Buffer.from(body) });
const status =
  (code: number): Reply =>
  async () => ({ status: code, headers: {}, body: Buffer.from('{}') });
const unhealthy: Reply = () => Promise.reject(new AuthorizerError('PDP_ERROR', { unhealthy: true, retryable: true }));

const setUp = (environment: Environment, replies: readonly Reply[], overrides: Overrides = {}) => {
  const clock = fakeClock();
  const posts: Post[] = [];
  const lines: string[] = [];
  const send: Send = (post, call) => {
    call.facts.attempts += 1;
    const reply = replies[Math.min(posts.push(post), replies.length) - 1] ?? echo;
    return reply(post, call);
  };
  const config = loadConfig({ ...ENVIRONMENT, ...environment });
  const authorizer = createAuthorizer(config, { send, clock, writeLine: line => lines.push(line), ...overrides });
  const reason = async (event: unknown = restEvent()): Promise<unknown> =>
    (await authorizer(event)).context['reasonCode'];
  const logged = (message: string): unknown[] =>
    lines.map((line): Record<string, unknown> => JSON.parse(line)).filter(line => line['message'] === message);
  return { clock, posts, lines, authorizer, reason, logged };
};

describe('a composed authorizer', () => {
  it('takes an event to PingOne and the decision back', async () => {
    const { authorizer, posts } = setUp({}, [echo]);
    expect(await authorizer(restEvent())).toMatchObject({ principalId: 'alice', context: { effect: 'permit' } });
    expect(posts).toMatchObject([{ credential: 'c-1' }]);
  });

  it('refuses everything if the configuration is wrong, and logs that once, at init', async () => {
    const { reason, logged, posts } = setUp({ PINGONE_RETRIES: 'x', DEBUG: 'y' }, [echo]);
    expect([await reason(), await reason(null)]).toEqual(['CONFIG_INVALID', 'CONFIG_INVALID']);
    expect(logged('configuration')).toMatchObject([
      {
        level: 'ERROR',
        reasonCode: 'CONFIG_INVALID',
        problems: [expect.stringContaining('PINGONE_RETRIES'), expect.stringContaining('DEBUG')],
      },
    ]);
    expect(posts).toEqual([]);
  });

  it('names a misspelt variable in one WARN line without values, and works', async () => {
    const { reason, logged, lines } = setUp({ BREAKER_RESET: 'canary', PINGONE_RETRY: '9' }, [echo]);
    expect([await reason(), await reason()]).toEqual(['PERMIT', 'PERMIT']);
    expect(logged('configuration')).toMatchObject([
      {
        level: 'WARN',
        warnings: [expect.stringContaining('BREAKER_RESET_MS'), expect.stringContaining('PINGONE_RETRIES')],
      },
    ]);
    expect(lines.join()).not.toContain('canary');
  });

  it('refuses everything on a Node older than 22, and one ERROR line names the version', async () => {
    const { reason, logged, posts } = setUp({}, [echo], { nodeVersion: '20.20.2' });
    expect([await reason(), await reason(null)]).toEqual(['CONFIG_INVALID', 'CONFIG_INVALID']);
    expect(logged('configuration')).toMatchObject([
      { level: 'ERROR', problems: [expect.stringContaining('Node.js 20.20.2')] },
    ]);
    expect(posts).toEqual([]);
  });

  it('shares no state with another authorizer', async () => {
    const first = setUp({ BREAKER_VOLUME_THRESHOLD: '1', PINGONE_RETRIES: '0' }, [unhealthy]);
    const second = setUp({}, [echo]);
    await first.reason();
    expect([await first.reason(), await second.reason()]).toEqual(['CIRCUIT_OPEN', 'PERMIT']);
  });
});

describe('SHADOW_SERVICE_URL', () => {
  it('names a second service, which is asked over a way of its own, after the answer', async () => {
    const asked: Post[] = [];
    const shadowSend: Send = async post => {
      asked.push(post);
      return { status: 200, headers: {}, body: Buffer.from('{}') };
    };
    const { reason, posts } = setUp(
      { SHADOW_SERVICE_URL: 'https://shadow.example', SHADOW_GATEWAY_CREDENTIAL: 's-1' },
      [echo],
      { shadowSend },
    );
    // The shadow is there once its files are loaded, and no request waits for that.
    await expect.poll(async () => [await reason(), asked.length > 0]).toEqual(['PERMIT', true]);
    expect([asked[0]?.credential, posts[0]?.credential]).toEqual(['s-1', 'c-1']);
  });
});

describe('PINGONE_RETRIES', () => {
  it('is the number of further attempts', async () => {
    for (const [retries, attempts] of [
      ['0', 1],
      ['1', 2],
      ['2', 3],
    ] as const) {
      const { reason, posts } = setUp({ PINGONE_RETRIES: retries }, [unhealthy]);
      expect(await reason()).toBe('PDP_ERROR');
      expect(posts).toHaveLength(attempts);
    }
  });
});

describe('BREAKER_*', () => {
  it('shape the breaker, whose changes are logged and counted', async () => {
    const { reason, clock, logged, lines } = setUp(
      { PINGONE_RETRIES: '0', BREAKER_VOLUME_THRESHOLD: '2', BREAKER_RESET_MS: '1000' },
      [unhealthy, unhealthy, echo],
    );
    expect([await reason(), await reason(), await reason()]).toEqual(['PDP_ERROR', 'PDP_ERROR', 'CIRCUIT_OPEN']);
    clock.jump(1000);
    expect(await reason()).toBe('PERMIT');
    expect(logged('breaker')).toMatchObject([
      { level: 'WARN', state: 'open', forMs: 1000 },
      { state: 'half-open' },
      { state: 'closed' },
    ]);
    expect(lines.filter(line => line.includes('"CircuitOpened":1'))).toHaveLength(1);
    expect(lines.filter(line => line.includes('"CircuitRefused":1'))).toHaveLength(1);
  });

  it.each([
    ['after a quiet time', 0],
    ['after a busy time, once its calls have left the window', 600],
  ])('by default open where PingOne stalls, one request at a time, %s', async (_, permits) => {
    const stalls: Reply = (_post, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AuthorizerError('PDP_TIMEOUT', { unhealthy: true })));
      });
    const { reason, clock } = setUp({ AUTHORIZER_DEADLINE_MS: '3000' }, [...Array(permits).fill(echo), stalls]);
    for (let permit = 0; permit < permits; permit += 1) {
      expect(await reason()).toBe('PERMIT');
      await clock.advance(50);
    }
    const stalled: unknown[] = [];
    while (stalled.at(-1) !== 'CIRCUIT_OPEN' && stalled.length < 20) {
      const answer = reason();
      await settled();
      await clock.advance(3000);
      stalled.push(await answer);
    }
    expect(stalled).toEqual([...Array(permits === 0 ? 3 : 9).fill('PDP_TIMEOUT'), 'CIRCUIT_OPEN']);
  });

  it('BREAKER_ENABLED=false leaves the breaker out', async () => {
    const { reason, logged } = setUp(
      { BREAKER_ENABLED: 'false', BREAKER_VOLUME_THRESHOLD: '1', PINGONE_RETRIES: '0' },
      [unhealthy],
    );
    for (let at = 0; at < 10; at += 1) expect(await reason()).toBe('PDP_ERROR');
    expect(logged('decision').at(-1)).toMatchObject({ breaker: 'off' });
  });
});

describe('AUTHORIZER_DEADLINE_MS', () => {
  it('bounds everything', async () => {
    const { clock, reason } = setUp({ AUTHORIZER_DEADLINE_MS: '700' }, [() => new Promise(() => undefined)]);
    const answer = reason();
    await clock.advance(800);
    expect(await answer).toBe('PDP_TIMEOUT');
  });
});

describe('a credential in a store', () => {
  const store = { PINGONE_GATEWAY_CREDENTIAL: '', PINGONE_GATEWAY_CREDENTIAL_SECRET: 'name' };

  it('is fetched at init by its name, and logged without its value', async () => {
    const asked: string[] = [];
    const fetchSecret = async (id: string): Promise<string> => {
      asked.push(id);
      return 'canary';
    };
    const { reason, posts, logged, lines } = setUp(store, [echo], { fetchSecret });
    expect(asked).toEqual(['name']);
    expect(await reason()).toBe('PERMIT');
    expect(posts[0]?.credential).toBe('canary');
    expect(logged('credential')).toMatchObject([{ event: 'refreshed', changed: true }]);
    expect(lines.join()).not.toContain('canary');
  });

  it('is fetched again, once, if PingOne refuses it', async () => {
    const secrets = ['old', 'new'];
    const fetchSecret = async (): Promise<string> => secrets.shift() ?? 'none';
    const { reason, posts } = setUp(store, [status(401), echo], { fetchSecret });
    expect(await reason()).toBe('PERMIT');
    expect(posts.map(({ credential }) => credential)).toEqual(['old', 'new']);
  });

  it('fails closed if it cannot be fetched', async () => {
    const { reason } = setUp(store, [echo], { fetchSecret: () => Promise.reject(new Error('no')) });
    expect(await reason()).toBe('CREDENTIAL_UNAVAILABLE');
  });
});

describe('DECISION_CACHE_TTL_MS', () => {
  it('is off unless set', async () => {
    const off = setUp({}, [echo]);
    const on = setUp({ DECISION_CACHE_TTL_MS: '1000' }, [echo]);
    for (const { reason } of [off, off, on, on]) expect(await reason()).toBe('PERMIT');
    expect([off.posts.length, on.posts.length]).toEqual([2, 1]);
    expect(on.lines.at(-1)).toContain('"DecisionCacheHit":1');
  });
});

describe('a reply that answers another request', () => {
  const other: Reply = async ({ body }) => ({
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify({ ...JSON.parse(body), source_port: 1 })),
  });
  const elsewhere: Reply = async ({ body }) => ({
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify({ ...JSON.parse(body), url: 'https://elsewhere.example/' })),
  });

  it('is refused as PINGONE_REPLY_BINDING says', async () => {
    expect(await setUp({}, [other]).reason()).toBe('PDP_BAD_REPLY');
    expect(await setUp({ PINGONE_REPLY_BINDING: 'request' }, [other]).reason()).toBe('PERMIT');
  });

  it('is not counted by the breaker and not retried', async () => {
    const { reason, posts, logged } = setUp({ BREAKER_VOLUME_THRESHOLD: '1', PINGONE_RETRIES: '2' }, [other]);
    for (let at = 0; at < 3; at += 1) expect(await reason()).toBe('PDP_BAD_REPLY');
    expect([posts.length, logged('breaker')]).toEqual([3, []]);
  });

  it('is never cached', async () => {
    const { reason, posts } = setUp({ DECISION_CACHE_TTL_MS: '1000' }, [elsewhere, other, echo]);
    for (const gets of ['UNAPPLIED_CHANGES', 'PDP_BAD_REPLY', 'PERMIT', 'PERMIT']) expect(await reason()).toBe(gets);
    expect(posts).toHaveLength(3);
  });
});

describe('telemetry', () => {
  it('that is not built in is logged as missing, and changes no decision', async () => {
    const { reason, logged } = setUp({ OTEL_TRACES_EXPORTER: 'zipkin' }, [echo]);
    expect(logged('telemetry')).toMatchObject([{ level: 'WARN', state: 'off' }]);
    expect(await reason()).toBe('PERMIT');
  });
});
