/** A permit holds only for its own request: fast-check makes PingOne echo other requests, and RFC 3986 alone is the judge. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, loadConfig, type Send } from '../../src/index.ts';
import { restEvent } from '../support/events.ts';
import { contextOf, effectOf } from './answers.ts';

type Members = Readonly<Record<string, unknown>>;

const ENVIRONMENT = { PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c' };

/** Answers an event while PingOne echoes the request after `edit`. */
const asking = (environment: Readonly<Record<string, string>> = {}) => {
  let edit = (asked: Members): unknown => asked;
  const send: Send = async ({ body }) => ({
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify(edit(JSON.parse(body)))),
  });
  const lines: string[] = [];
  const config = loadConfig({ ...ENVIRONMENT, ...environment });
  const authorize = createAuthorizer(config, { send, writeLine: line => lines.push(line) });
  return {
    lines,
    reason: async (event: unknown, echo: (asked: Members) => unknown): Promise<unknown> => {
      edit = echo;
      const answer = { result: await authorize(event) };
      const { reasonCode } = contextOf(answer);
      expect(effectOf(answer)).toBe(reasonCode === 'PERMIT' ? 'Allow' : 'Deny');
      return reasonCode;
    },
  };
};

/** A REST API's event for a path as the client typed it. Only REST APIs reveal that. */
const at = (path: string) =>
  restEvent({ queryStringParameters: null, multiValueQueryStringParameters: null, path, requestContext: { path } });

const hex = (text: string): string =>
  [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
const character = fc.constantFrom(...'abzAZ019-_~!$&()*+,;=:@');
const escaped = fc.constantFrom('%2F', '%25', '%20', '%C3%A9', '%3A', '%7C');
const segment = fc.array(fc.oneof({ weight: 4, arbitrary: character }, escaped), { minLength: 1, maxLength: 5 });
const segments = fc.array(segment, { minLength: 1, maxLength: 4 });
const pathOf = (parts: readonly (readonly string[])[]): string => `/${parts.map(part => part.join('')).join('/')}`;

/** The same path in an equivalent spelling by RFC 3986, section 6.2.2. */
const respelt = segments.chain(parts =>
  fc
    .tuple(...parts.map(part => fc.tuple(...part.map(text => fc.tuple(fc.constant(text), fc.nat(2))))))
    .chain(spelling =>
      fc.tuple(fc.constant(spelling), fc.array(fc.constantFrom('.', 'x/..', '%2e', 'y/%2E%2e'), { maxLength: 2 })),
    )
    .map(([spelling, dots]) => {
      const written = spelling.map(part =>
        part
          .map(([text, how]) => {
            if (text.startsWith('%')) return how === 0 ? text.toLowerCase() : text;
            return how === 0 && /[\w~-]/.test(text) ? hex(text) : text;
          })
          .join(''),
      );
      return { path: pathOf(parts), same: `/${[...dots, ...written].join('/')}` };
    }),
);
const origin = fc.constantFrom(
  'https://api1.execute-api.us-east-1.amazonaws.com',
  'https://API1.Execute-API.us-east-1.amazonaws.com',
  'HTTPS://api1.execute-api.us-east-1.amazonaws.com:443',
);

describe('an echo that means the same request', () => {
  it('is a permit, however it spells scheme, host, port and path', async () => {
    const { reason } = asking();
    await fc.assert(
      fc.asyncProperty(respelt, origin, async ({ path, same }, host) => {
        const echo = (asked: Members): unknown => ({ ...asked, url: `${host}${same}` });
        expect(await reason(at(path), echo)).toBe('PERMIT');
      }),
    );
  });
});

/** RFC 3986, 6.2.2 and 5.2.4, written independently of the code; undefined if the text is no http URL. */
const normalised = (url: string): string | undefined => {
  const parts = /^(?<scheme>https?):\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)/i.exec(url)?.groups;
  if (parts === undefined) return undefined;
  const { scheme = '', authority = '', path = '' } = parts;
  const unescaped = path.replace(/%[0-9a-f]{2}/gi, code => {
    const byte = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /^[A-Za-z0-9._~-]$/.test(byte) ? byte : code.toUpperCase();
  });
  const kept: string[] = [];
  const given = unescaped.split('/').slice(1);
  for (const [index, part] of given.entries()) {
    if (part === '..') kept.pop();
    if (part !== '.' && part !== '..') kept.push(part);
    else if (index === given.length - 1) kept.push('');
  }
  const host = authority.toLowerCase().replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, '');
  return `${scheme.toLowerCase()}://${host}/${kept.join('/')}`;
};

describe('an echo that means another request', () => {
  const other = fc.oneof(
    segments.map(parts => `https://api1.execute-api.us-east-1.amazonaws.com${pathOf(parts)}`),
    fc.constantFrom(
      '',
      '/a/b',
      'https://api1.execute-api.us-east-1.amazonaws.com',
      'https://api1.execute-api.us-east-1.amazonaws.com.evil.example/a/b',
      'https://evil.example/a/b',
      'http://api1.execute-api.us-east-1.amazonaws.com/a/b',
      'https://api1.execute-api.us-east-1.amazonaws.com:8443/a/b',
      'https://x@api1.execute-api.us-east-1.amazonaws.com/a/b',
      'https://api1.execute-api.us-east-1.amazonaws.com/a%2Fb',
      'https://api1.execute-api.us-east-1.amazonaws.com/a/b/',
      'https://api1.execute-api.us-east-1.amazonaws.com/a//b',
      'https://api1.execute-api.us-east-1.amazonaws.com/A/b',
      'https://api1.execute-api.us-east-1.amazonaws.com/a/b/../c',
      'https://api1.execute-api.us-east-1.amazonaws.com/a/b;v=1',
    ),
    fc.webUrl(),
    fc.string(),
  );

  it.each(['ignore', 'deny'])(
    'with another URL is refused with ON_UNAPPLIED_CHANGES=%s, whatever else it holds',
    async setting => {
      const { reason } = asking({ ON_UNAPPLIED_CHANGES: setting });
      const event = at('/a/b');
      const own = 'https://api1.execute-api.us-east-1.amazonaws.com/a/b';
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(other, async url => {
          fc.pre(normalised(url) !== normalised(own));
          expect(await reason(event, asked => ({ ...asked, url }))).toBe('UNAPPLIED_CHANGES');
          refused += 1;
        }),
      );
      expect(refused).toBeGreaterThan(50);
    },
  );

  it.each(['ignore', 'deny'])('with another method is refused with ON_UNAPPLIED_CHANGES=%s', async setting => {
    const { reason } = asking({ ON_UNAPPLIED_CHANGES: setting });
    const method = fc.oneof(fc.constantFrom('', 'POST', 'HEAD', 'GET ', ' GET', 'GETS', 'G', '\u0130'), fc.string());
    await fc.assert(
      fc.asyncProperty(method, async text => {
        fc.pre(text.toUpperCase() !== 'GET');
        expect(await reason(restEvent(), asked => ({ ...asked, method: text }))).toBe('UNAPPLIED_CHANGES');
      }),
    );
  });

  it('is refused if it is empty, because it echoes no request', async () => {
    for (const setting of ['ignore', 'deny']) {
      for (const PINGONE_REPLY_BINDING of ['full', 'request']) {
        const { reason } = asking({ ON_UNAPPLIED_CHANGES: setting, PINGONE_REPLY_BINDING });
        expect(await reason(restEvent(), () => ({ method: '', url: '', headers: [] }))).toBe('UNAPPLIED_CHANGES');
      }
    }
  });

  it('is counted, and shows the client only the kinds of change', async () => {
    const { reason, lines } = asking();
    const echo = (asked: Members): unknown => ({ ...asked, method: 'PUT', headers: [{ 'X-Hidden': 'canary' }] });
    expect(await reason(restEvent(), echo)).toBe('UNAPPLIED_CHANGES');
    const line: Members = JSON.parse(lines.at(-1) ?? '');
    expect(line['reason']).toMatch(/: method$/);
    expect(line['unapplied']).toContain('method');
    expect(lines.join()).not.toContain('canary');
  });
});

describe('an echo of another attempt', () => {
  const anyValue = fc.oneof(
    fc.integer({ min: 49_152, max: 65_535 }),
    fc.integer({ min: 49_152, max: 65_535 }).map(String),
    fc.jsonValue(),
    fc.constantFrom('192.0.2.1', '192.0.2.2', '::ffff:192.0.2.1'),
  );

  it('is refused for another source address or source port, if it holds them', async () => {
    const { reason, lines } = asking();
    const seen = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('source_ip', 'source_port'), anyValue, async (member, value) => {
        let same = false;
        const got = await reason(restEvent(), asked => {
          same = value === asked[member] || (member === 'source_port' && value === String(asked[member]));
          return { ...asked, [member]: value };
        });
        seen.add(got);
        expect(got).toBe(same ? 'PERMIT' : 'PDP_BAD_REPLY');
        if (!same) expect(lines.at(-1)).toMatch(new RegExp(`by its ${member} \\(PINGONE_REPLY_BINDING\\)`));
      }),
      { numRuns: 500 },
    );
    expect(seen).toContain('PDP_BAD_REPLY');
  });

  it('is refused for both if both differ, and their values are never logged', async () => {
    const { reason, lines } = asking();
    const echo = (asked: Members): unknown => ({ ...asked, source_ip: '203.0.113.9', source_port: 50_001 });
    expect(await reason(restEvent(), echo)).toBe('PDP_BAD_REPLY');
    expect(lines.at(-1)).toContain('source_ip and source_port');
    expect(lines.join()).not.toMatch(/203\.0\.113\.9|50001/);
  });

  it('is not one with the port as text, nor one without port and address', async () => {
    const { reason } = asking();
    expect(await reason(restEvent(), asked => ({ ...asked, source_port: String(asked['source_port']) }))).toBe(
      'PERMIT',
    );
    expect(await reason(restEvent(), ({ source_ip: _ip, source_port: _port, ...asked }) => asked)).toBe('PERMIT');
  });

  it('is accepted with PINGONE_REPLY_BINDING=request', async () => {
    const { reason } = asking({ PINGONE_REPLY_BINDING: 'request' });
    const echo = (asked: Members): unknown => ({ ...asked, source_ip: '10.0.0.1', source_port: 1 });
    expect(await reason(restEvent(), echo)).toBe('PERMIT');
  });

  it('is no denial for this attempt either, because its reason is meant for another client', async () => {
    const { reason } = asking();
    const denial = (source_port: unknown) => (asked: Members) => ({
      ...asked,
      ...(source_port === undefined ? {} : { source_port }),
      response: { response_code: '403', headers: [], body: '{"message":"for somebody else"}' },
    });
    expect(await reason(restEvent(), denial(undefined))).toBe('POLICY_DENIED');
    expect(await reason(restEvent(), asked => denial(asked['source_port'] === 50_001 ? 50_002 : 50_001)(asked))).toBe(
      'PDP_BAD_REPLY',
    );
    // No attempt sends such a port, so the service wrote it itself. Its denial is accepted.
    expect(await reason(restEvent(), denial(443))).toBe('POLICY_DENIED');
  });
});
