/** Properties of every event and every URL, tested with fast-check. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiIdentity, type HttpApi, type RestApi } from '../../local/gateway/api.ts';
import { httpV1Event } from '../../local/gateway/http-v1-event.ts';
import { httpV2Event } from '../../local/gateway/http-v2-event.ts';
import type { GatewayRequest } from '../../local/gateway/request.ts';
import { restEvent } from '../../local/gateway/rest-event.ts';
import { httpRoute, restRoute } from '../../local/gateway/routing.ts';
import { websocketEvent } from '../../local/gateway/websocket-event.ts';
import { createAuthorizer, loadConfig, type Send } from '../../src/index.ts';
import { anyCharacter } from '../support/any-character.ts';
import {
  restEvent as goldenRest,
  httpV1Event as goldenV1,
  websocketEvent as goldenWebsocket,
  httpEvent,
} from '../support/events.ts';
import { answerProblems, contextOf, effectOf } from './answers.ts';
import type { Answer } from './stage.ts';

const asked: { body: Record<string, unknown> | undefined } = { body: undefined };

/** A PingOne that permits everything, so that every denial is ours. */
const permitting: Send = async ({ body }) => {
  asked.body = JSON.parse(body);
  return { status: 200, headers: {}, body: Buffer.from(body) };
};

const config = loadConfig({
  PINGONE_SERVICE_URL: 'https://h.example',
  PINGONE_GATEWAY_CREDENTIAL: 'c',
  FORWARD_HEADERS: 'accept,x-a',
});
const authorizer = createAuthorizer(config, { send: permitting, writeLine: () => undefined });

const answerTo = async (event: unknown): Promise<Answer> => {
  asked.body = undefined;
  try {
    return { result: await authorizer(event) };
  } catch (error) {
    return { error: String(error) };
  }
};

const value = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: anyCharacter }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    '*',
    '\ud800',
    '\r\n',
    '__proto__',
    0,
    [],
    {},
    [[]],
    'GET',
    '2.0',
    '1.0',
  ),
);

/** A golden event with some of its members, at any depth, replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(goldenRest(), httpEvent(), goldenV1(), goldenWebsocket()),
    fc.array(fc.tuple(fc.nat(), fc.nat(), value), { minLength: 1, maxLength: 4 }),
  )
  .map(([event, changes]) => {
    const copy: unknown = structuredClone(event);
    for (const [which, depth, replacement] of changes) {
      let holder: unknown = copy;
      for (let left = depth % 4; typeof holder === 'object' && holder !== null; left -= 1) {
        const keys = Object.keys(holder);
        const key = keys[which % Math.max(1, keys.length)];
        if (key === undefined) break;
        const next: unknown = Reflect.get(holder, key);
        if (left <= 0 || typeof next !== 'object' || next === null) {
          Reflect.set(holder, key, replacement);
          break;
        }
        holder = next;
      }
    }
    return copy;
  });

describe('whatever the event', () => {
  it('the answer is one that API Gateway accepts, its context holds only strings, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.anything()), async event => {
        expect(answerProblems(await answerTo(event))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('nobody is let in if PingOne was not asked', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutated, async event => {
        const answer = await answerTo(event);
        expect(effectOf(answer) === 'Allow' && asked.body === undefined).toBe(false);
        if (effectOf(answer) === 'Deny') refused += 1;
        if (effectOf(answer) === 'Deny') expect(contextOf(answer)['reasonCode']).toBe('INVALID_REQUEST');
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});

const REST: RestApi = {
  ...apiIdentity('api1', 'dev'),
  resources: [
    { id: 'a', path: '/', methods: ['ANY'] },
    { id: 'b', path: '/{proxy+}', methods: ['ANY'] },
  ],
};
const HTTP: HttpApi = { ...apiIdentity('api2', '$default'), routes: ['$default'] };
const WEBSOCKET = apiIdentity('api3', 'dev');

/** Text that people and browsers type: plain, reserved and escaped characters of any script, without those that a gateway cuts off. */
const typed = (reserved: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...`abzAZ019-_~${reserved}`),
        fc.constantFrom(
          '%2F',
          '%2f',
          '%25',
          '%20',
          '%2B',
          '%26',
          '%3D',
          '%C3%A9',
          '%E2%82%AC',
          '%F0%9F%98%80',
          '%5B',
          '%22',
        ),
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join(''));

const path = fc.array(typed("!$'()*+,;:@&="), { minLength: 1, maxLength: 4 }).map(segments => `/${segments.join('/')}`);
const query = fc
  .array(fc.tuple(typed('!*().+'), fc.option(typed('!*():/?@,;=+'), { nil: undefined })), { maxLength: 5 })
  .map(pairs =>
    pairs
      .filter(([name]) => name !== '')
      .map(([name, text]) => (text === undefined ? name : `${name}=${text}`))
      .join('&'),
  );

const request = (target: string): GatewayRequest => ({
  method: 'GET',
  target,
  headers: [['Host', 'ignored.example']],
  sourceIp: '192.0.2.1',
  requestId: '11111111-2222-4333-8444-555555555555',
  timeMs: 1_784_203_200_000,
  traceId: 'Root=1-6560aabb-000000000000000000000001',
});

const urlFor = async (event: unknown): Promise<string> => {
  await answerTo(event);
  return String(asked.body?.['url']);
};
const split = (url: string): readonly [path: string, query: string] => {
  const [before = '', ...after] = url.replace(/^https:\/\/[^/]+/, '').split('?');
  return [before, after.join('?')];
};
/** Name -> values in order, decoded as a server decodes them. Every gateway keeps this much of a query. */
const grouped = (text: string): Readonly<Record<string, readonly string[]>> => {
  const params = new URLSearchParams(text);
  return Object.fromEntries([...new Set(params.keys())].sort().map(name => [name, params.getAll(name)]));
};
const routed = <T>(route: T | undefined): T => {
  if (route === undefined) throw new Error('the emulator knows no such route');
  return route;
};

describe('whatever a client types, the URL that PingOne is asked about is equivalent', () => {
  const target = fc.tuple(path, query);
  const targetOf = (typedPath: string, typedQuery: string): string =>
    typedQuery === '' ? typedPath : `${typedPath}?${typedQuery}`;

  it('through a REST API: the path is unchanged, and the query has the same decoded values', async () => {
    await fc.assert(
      fc.asyncProperty(target, async ([typedPath, typedQuery]) => {
        const whole = targetOf(`/dev${typedPath}`, typedQuery);
        const [ourPath, ourQuery] = split(
          await urlFor(restEvent(request(whole), REST, routed(restRoute(REST, 'GET', whole)))),
        );
        expect(ourPath).toBe(`/dev${typedPath}`);
        expect(grouped(ourQuery)).toEqual(grouped(typedQuery));
      }),
    );
  });

  it('through an HTTP API with payload 2.0: the path has the same decoded characters, and the query is unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(target, async ([typedPath, typedQuery]) => {
        const whole = targetOf(typedPath, typedQuery);
        const event = httpV2Event(request(whole), HTTP, routed(httpRoute(HTTP, 'GET', whole)), null);
        const [ourPath, ourQuery] = split(await urlFor(event));
        expect(decodeURIComponent(ourPath)).toBe(decodeURIComponent(typedPath));
        expect(ourQuery).toBe(typedQuery);
      }),
    );
  });

  it('through an HTTP API with payload 1.0: path and query have the same decoded characters', async () => {
    await fc.assert(
      fc.asyncProperty(target, async ([typedPath, typedQuery]) => {
        const whole = targetOf(typedPath, typedQuery);
        const event = httpV1Event(request(whole), HTTP, routed(httpRoute(HTTP, 'GET', whole)), null);
        const [ourPath, ourQuery] = split(await urlFor(event));
        expect(decodeURIComponent(ourPath)).toBe(decodeURIComponent(typedPath));
        expect(grouped(ourQuery)).toEqual(grouped(typedQuery));
      }),
    );
  });

  it('through a WebSocket API: the path is the stage, and the query has the same decoded values', async () => {
    await fc.assert(
      fc.asyncProperty(query, async typedQuery => {
        const [ourPath, ourQuery] = split(
          await urlFor(websocketEvent(request(targetOf('/dev', typedQuery)), WEBSOCKET)),
        );
        expect(ourPath).toBe('/dev');
        expect(grouped(ourQuery)).toEqual(grouped(typedQuery));
      }),
    );
  });

  it('and every parser reads it alike: the same host, printable ASCII, nothing encoded twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: anyCharacter }),
        fc.string({ unit: anyCharacter }),
        async (anyPath, anyQuery) => {
          const url = await urlFor(httpEvent({ rawPath: `/${anyPath}`, rawQueryString: anyQuery }));
          expect(url).toMatch(/^https:\/\/api2\.execute-api\.us-east-1\.amazonaws\.com\/[\x21-\x7e]*$/);
          expect(new URL(url).host).toBe('api2.execute-api.us-east-1.amazonaws.com');
          expect(decodeURIComponent(split(url)[0])).toBe(`/${anyPath}`.toWellFormed());
        },
      ),
      { numRuns: 500 },
    );
  });
});
