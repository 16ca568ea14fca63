/** Replies and events that we did not invent: what others recorded or published ends as their recording says. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRecord } from '../../local/loopback.ts';
import { composeEdge } from '../../src/compose-edge.ts';
import { systemClock } from '../../src/domain/clock.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { AuthorizerError } from '../../src/domain/errors.ts';
import { createAuthorizer, loadConfig, type Send } from '../../src/index.ts';
import { readReply } from '../../src/sideband/reply.ts';
import { isSourcePort, type SidebandRequest } from '../../src/sideband/wire.ts';
import { startFakePdp } from '../support/fake-pdp.ts';
import { RECORDED_EVENTS, RECORDED_REPLIES, type RecordedEvent, type RecordedReply } from '../support/recordings.ts';
import { answerProblems, contextOf, effectOf } from './answers.ts';
import type { Answer } from './stage.ts';

const bytesOf = (body: RecordedReply['reply']['body']): Buffer =>
  Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

const named = (name: string): RecordedReply => {
  const found = RECORDED_REPLIES.find(([candidate]) => candidate === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found[1];
};

const judge = ({ reply: { status, headers, body } }: RecordedReply, asked: SidebandRequest): Decision | string => {
  try {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return readReply({ status, headers: lower, body: bytesOf(body) }, asked);
  } catch (error) {
    if (error instanceof AuthorizerError) return error.code;
    throw error;
  }
};

const changesIn = (decision: Decision | string): readonly string[] =>
  typeof decision === 'string' || decision.effect !== 'permit'
    ? []
    : decision.changes.map(change => ('name' in change ? `${change.kind} ${change.name}` : change.kind));

describe('a recorded reply to the recorded request', () => {
  it.each(RECORDED_REPLIES)('%s is what the recording says', (_, recording) => {
    const { happened, request, reply } = recording;
    const decision = judge(recording, request);
    if (happened.effect === 'permit') {
      expect(decision).toMatchObject({ effect: 'permit' });
      expect(changesIn(decision)).toEqual(happened.changes);
    } else if (happened.effect === 'deny') {
      const { status, reasonCode, challenge } = happened;
      expect(decision).toMatchObject({ effect: 'deny', status, reasonCode, fromPdp: true });
      expect(decision).toHaveProperty('challenge', challenge);
    } else {
      // The transport knows the meaning of a status. A status that reaches the judge is no permit whatever it means.
      expect(decision).toBe(reply.status === 200 ? happened.reasonCode : 'PDP_REJECTED');
    }
  });

  it('shows its id where the recording has one', () => {
    expect(judge(named('pdg-permit-headers-edited'), named('pdg-permit-headers-edited').request)).toMatchObject({
      correlationId: '5d7a2c0e-1f34-4b6a-8c9d-2e3f4a5b6c7d',
    });
  });
});

const permits = RECORDED_REPLIES.filter(([, { happened }]) => happened.effect === 'permit');

describe('a recorded permit', () => {
  it.each(permits)('%s binds by the address and port that its echo holds', (_, recording) => {
    const { request, reply } = recording;
    expect(isRecord(reply.body) && reply.body['source_ip']).toBe(request.source_ip);
    expect(judge(recording, { ...request, source_ip: '192.0.2.254' })).toBe('PDP_BAD_REPLY');
    const other = judge(recording, { ...request, source_port: request.source_port + 1 });
    if (isRecord(reply.body) && 'source_port' in reply.body) expect(other).toBe('PDP_BAD_REPLY');
    else expect(other).toMatchObject({ effect: 'permit' });
  });
});

/** A source port that our attempts can send: the recorded one, or another where the recorded one is no ephemeral port. */
const portFor = (recorded: number): number => (isSourcePort(recorded) ? recorded : 57_344);

/** The event of a REST API behind a custom domain that asks for what was recorded. API Gateway's requests are https. */
const eventAsking = ({ source_ip, method, url, headers }: SidebandRequest): unknown => {
  const { host, pathname } = new URL(url);
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:123456789012:api1/live/${method}${pathname}`,
    resource: '/{proxy+}',
    path: pathname,
    httpMethod: method,
    multiValueHeaders: Object.fromEntries(headers.flatMap(Object.entries).map(([name, value]) => [name, [value]])),
    requestContext: { path: pathname, domainName: host, identity: { sourceIp: source_ip } },
  };
};

/** The recorded body, with the scheme and the port that our attempt sends. */
const bodyForUs = ({ request, reply: { body } }: RecordedReply): RecordedReply['reply']['body'] => {
  if (typeof body === 'string') return body;
  const { url, source_port: port } = body;
  return {
    ...body,
    ...(typeof url === 'string' ? { url: url.replace(/^http:/, 'https:') } : {}),
    ...(port === undefined ? {} : { source_port: portFor(request.source_port) }),
  };
};

interface Played {
  readonly answer: Answer;
  readonly lines: string;
  /** What PingOne was asked. */
  readonly asked: Readonly<Record<string, unknown>> | undefined;
}

/** Sends the recorded request through the whole authorizer, and the reply back over a real socket. */
const play = async (
  { request, reply }: RecordedReply,
  body: RecordedReply['reply']['body'],
  environment: Readonly<Record<string, string>> = {},
): Promise<Played> => {
  const pdp = await startFakePdp();
  onTestFinished(() => pdp.close());
  pdp.script({ kind: 'reply', status: reply.status, headers: Object.entries(reply.headers), body: bytesOf(body) });
  const lines: string[] = [];
  const config = loadConfig({
    PINGONE_SERVICE_URL: pdp.url,
    PINGONE_GATEWAY_CREDENTIAL: 'c',
    PINGONE_PREWARM: 'false',
    PINGONE_RETRIES: '0',
    UNAUTHORIZED_AS: 'deny',
    ...environment,
  });
  const chance = (portFor(request.source_port) - 49_152 + 0.5) / 16_384;
  const authorize = createAuthorizer(config, {
    clock: { ...systemClock, random: () => chance },
    writeLine: line => lines.push(line),
  });
  const answer = { result: await authorize(eventAsking(request)) };
  return { answer, lines: lines.join('\n'), asked: pdp.calls[0]?.body };
};

describe('the whole authorizer, asked what was recorded', () => {
  it.each(RECORDED_REPLIES)('asks about the same and answers as it ended: %s', async (_, recording) => {
    const { request, happened } = recording;
    const { answer, asked } = await play(recording, bodyForUs(recording));
    expect(asked).toMatchObject({
      source_ip: request.source_ip,
      source_port: portFor(request.source_port),
      method: request.method,
      url: request.url.replace(/^http:/, 'https:'),
      http_version: '1.1',
      headers: request.headers,
    });
    expect(answerProblems(answer)).toEqual([]);
    expect(effectOf(answer)).toBe(happened.effect === 'permit' ? 'Allow' : 'Deny');
    const { reasonCode, status, wwwAuthenticate } = contextOf(answer);
    expect(reasonCode).toBe(happened.effect === 'permit' ? 'PERMIT' : happened.reasonCode);
    if (happened.effect === 'deny') {
      expect(status).toBe(String(happened.status));
      expect(wwwAuthenticate).toBe(happened.challenge);
    }
  });

  it.each(permits.filter(([name]) => name.startsWith('pdg-')))(
    'refuses %s byte by byte as it was recorded, because its port is none of ours',
    async (_, recording) => {
      const ours = { ...recording, request: { ...recording.request, source_port: 57_344 } };
      const { answer, lines } = await play(ours, recording.reply.body);
      expect(contextOf(answer)['reasonCode']).toBe('PDP_BAD_REPLY');
      expect(lines).toContain('by its source_port');
    },
  );
});

describe("what a permit of the older product does that API Gateway's authorizers cannot", () => {
  const recording = named('pdg-permit-headers-edited');

  it('is counted, and its added header can be handed to the backend', async () => {
    const { answer, lines } = await play(recording, bodyForUs(recording), { FORWARD_HEADERS: 'sh-user' });
    expect(contextOf(answer)).toMatchObject({
      reasonCode: 'PERMIT',
      hdr_sh_user: '0b5f7c1e-3d1a-4a5e-9a6e-5d0c8f3b2a11',
    });
    expect(JSON.parse(lines)).toMatchObject({ unapplied: ['header-removed:x-app-id'] });
  });

  it('is refused with ON_UNAPPLIED_CHANGES=deny', async () => {
    const { answer } = await play(recording, bodyForUs(recording), { ON_UNAPPLIED_CHANGES: 'deny' });
    expect(contextOf(answer)['reasonCode']).toBe('UNAPPLIED_CHANGES');
  });

  it('never shows the state, which holds a token, in an answer or a log line', async () => {
    const { answer, lines } = await play(recording, bodyForUs(recording), { LOG_LEVEL: 'DEBUG' });
    const { body } = recording.reply;
    const state = isRecord(body) ? String(body['state']) : '';
    expect(state.length).toBeGreaterThan(40);
    expect(JSON.stringify(answer) + lines).not.toContain(state.slice(8, 30));
  });
});

/** The event as an authorizer gets it. A backend's event has a body and no ARN. */
const authorizerEvent = ({ event, authorizer }: RecordedEvent): unknown => {
  if (authorizer === undefined) return event;
  const { body: _body, isBase64Encoded: _encoded, ...shared } = event;
  return { ...shared, ...authorizer };
};

/** Answers an event while PingOne permits everything, and keeps what PingOne is asked. */
const permitting = () => {
  const asked: Readonly<Record<string, unknown>>[] = [];
  const send: Send = async ({ body }) => {
    asked.push(JSON.parse(body));
    return { status: 200, headers: {}, body: Buffer.from(body) };
  };
  return { asked, overrides: { send, writeLine: () => undefined, fetchSecret: async () => 'c' } };
};

const askedAs = ({ shows }: RecordedEvent): unknown =>
  'refused' in shows
    ? undefined
    : {
        source_ip: shows.sourceIp,
        source_port: expect.toSatisfy(port => isSourcePort(Number(port))),
        method: shows.method,
        url: shows.url,
        http_version: '1.1',
        headers: shows.headers.map(line => {
          const [name = '', ...value] = line.split(': ');
          return { [name]: value.join(': ') };
        }),
      };

const isEdge = ({ event }: RecordedEvent): boolean => 'Records' in event;

describe('a recorded event', () => {
  const gatewayEvents = RECORDED_EVENTS.filter(([, recording]) => !isEdge(recording));
  const settings = { PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c' };

  it.each(gatewayEvents)('%s is read as it shows, and answered for its own ARN', async (_, recording) => {
    const { asked, overrides } = permitting();
    const event = authorizerEvent(recording);
    const answer = { result: await createAuthorizer(loadConfig(settings), overrides)(event) };
    expect(asked[0]).toEqual(askedAs(recording));
    expect(answerProblems(answer)).toEqual([]);
    const { shows } = recording;
    expect(contextOf(answer)['reasonCode']).toBe('refused' in shows ? shows.refused : 'PERMIT');
    const arn = isRecord(event) ? (event['routeArn'] ?? event['methodArn']) : undefined;
    expect(answer).toMatchObject({
      result: {
        policyDocument: {
          Statement: [
            {
              Effect: 'refused' in shows ? 'Deny' : 'Allow',
              // A resource is a pattern, so an ARN that holds one is never given back.
              Resource: String(arn).includes('*') ? '*' : arn,
            },
          ],
        },
      },
    });
  });

  it.each(gatewayEvents.filter(([, { authorizer }]) => authorizer !== undefined))(
    '%s is refused as it was recorded, for a backend',
    async (_, { event }) => {
      const { asked, overrides } = permitting();
      const answer = { result: await createAuthorizer(loadConfig(settings), overrides)(event) };
      expect(contextOf(answer)['reasonCode']).toBe('INVALID_REQUEST');
      expect(asked).toEqual([]);
    },
  );

  it('of one request is read alike from both kinds of API, by the URL standard', () => {
    const shown = ['rest-encoded', 'http-encoded'].map(name => {
      const shows = RECORDED_EVENTS.find(([candidate]) => candidate === name)?.[1].shows;
      return new URL(shows !== undefined && 'url' in shows ? shows.url : '');
    });
    const [rest, http] = shown.map(({ pathname, searchParams }) => {
      searchParams.sort();
      return { path: pathname.replace(/^\/live/, ''), query: [...searchParams] };
    });
    expect(rest).toEqual(http);
    expect(rest?.query).toContainEqual(['encodedPlus', 'a+b']);
  });

  it.each(RECORDED_EVENTS.filter(([, recording]) => isEdge(recording)))(
    '%s is read as it shows, and goes on to the origin unchanged',
    async (_, recording) => {
      const { asked, overrides } = permitting();
      const baked = {
        PINGONE_SERVICE_URL: 'https://h.example/v1',
        PINGONE_GATEWAY_CREDENTIAL_SECRET: 's',
        PINGONE_CREDENTIAL_REGION: 'eu-west-1',
        PINGONE_PREWARM: 'false',
      };
      const result = await composeEdge(baked, overrides)(recording.event);
      expect(asked[0]).toEqual(askedAs(recording));
      expect(recording.event).toMatchObject({ Records: [{ cf: { request: result } }] });
    },
  );
});
