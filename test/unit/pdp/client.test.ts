/** Rules of one question to PingOne: payload, credential, send, reply. */
import { describe, expect, it } from 'vitest';
import { fixedCredential, type GatewayCredential } from '../../../src/credential/credential.ts';
import { newFacts } from '../../../src/domain/call.ts';
import type { Decision } from '../../../src/domain/decision.ts';
import { AuthorizerError } from '../../../src/domain/errors.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { attempts } from '../../../src/pdp/attempt.ts';
import { sidebandPdp } from '../../../src/pdp/client.ts';
import { retried } from '../../../src/pdp/retry.ts';
import type { Post, Send } from '../../../src/pdp/send.ts';
import type { ReplyBinding } from '../../../src/sideband/binding.ts';
import { toSideband } from '../../../src/sideband/payload.ts';
import { sourcePortOf } from '../../../src/sideband/wire.ts';
import { faultOf } from '../faults.ts';

const REQUEST: AccessRequest = {
  kind: 'rest',
  method: 'GET',
  url: 'https://h.example/a',
  headers: [],
  sourceIp: '192.0.2.1',
};

/** What comes back, given the bodies that were sent so far, the newest first. */
type Answer = (...bodies: readonly string[]) => { readonly status: number; readonly body: string };
const echo: Answer = (newest = '') => ({ status: 200, body: newest });
const echoOfTheOneBefore: Answer = (_, before = '') => ({ status: 200, body: before });
const broken: Answer = () => {
  throw new AuthorizerError('PDP_UNREACHABLE', { retryable: true });
};
const status =
  (code: number, body = ''): Answer =>
  () => ({ status: code, body });

interface Asking {
  readonly credential?: GatewayCredential;
  readonly binding?: ReplyBinding;
  readonly retries?: number;
  readonly signal?: AbortSignal;
  /** False: the reply came over no connection that could be ended. */
  readonly connected?: boolean;
}

const ask = (
  answers: readonly Answer[],
  {
    credential = fixedCredential('c-1'),
    binding = 'full',
    retries = 0,
    signal = new AbortController().signal,
    connected = true,
  }: Asking = {},
) => {
  const posts: Post[] = [];
  const ended: number[] = [];
  const send: Send = async post => {
    const at = posts.push(post) - 1;
    const answer = answers[at];
    if (answer === undefined) throw new Error('a call too many');
    const { status: code, body } = answer(...posts.map(({ body: sent }) => sent).toReversed());
    const reply = { status: code, headers: {}, body: Buffer.from(body) };
    return connected ? { ...reply, endConnection: () => void ended.push(at) } : reply;
  };
  // Each draw differs from the one before.
  let chance = 0;
  const random = (): number => (chance += 1 / 16);
  const call = { signal, facts: newFacts(), trace: undefined };
  const attempt = retried(attempts(send, { random }), retries);
  const decide = (): Promise<Decision> => sidebandPdp(attempt, credential, binding)(REQUEST, call);
  return { posts, ended, decide };
};

const rotating = (...others: readonly (string | undefined)[]): GatewayCredential => {
  const left = [...others];
  return { ...fixedCredential('old'), replacement: async () => left.shift() };
};

describe('a question', () => {
  it('is the payload as JSON, with the credential beside it', async () => {
    const { posts, ended, decide } = ask([echo]);
    expect(await decide()).toMatchObject({ effect: 'permit', changes: [] });
    const body = JSON.stringify(toSideband(REQUEST, sourcePortOf(1 / 16)));
    expect(posts).toEqual([{ body, credential: 'c-1', propagation: {} }]);
    expect(ended).toEqual([]);
  });
});

describe('a reply', () => {
  it.each<[string, readonly Answer[], Asking]>([
    ['after a broken connection', [broken, echoOfTheOneBefore], { retries: 1 }],
    ['after a refused credential', [status(401), echoOfTheOneBefore], { credential: rotating('new') }],
  ])('is judged by the very attempt that it came to: the one before is another, %s', async (_, answers, asking) => {
    const { ended, decide } = ask(answers, asking);
    expect(await faultOf(decide)).toMatchObject({
      code: 'PDP_BAD_REPLY',
      detail: expect.stringMatching(/source_port.*PINGONE_REPLY_BINDING/),
    });
    expect(ended).toEqual([1]);
  });

  it('of another request is refused as well where there is no connection to end', async () => {
    const { decide } = ask([broken, echoOfTheOneBefore], { retries: 1, connected: false });
    expect(await faultOf(decide)).toMatchObject({ code: 'PDP_BAD_REPLY', outOfStep: true });
  });

  it('to a later attempt is judged by that one', async () => {
    expect(await ask([broken, echo], { retries: 1 }).decide()).toMatchObject({ effect: 'permit' });
    expect(await ask([status(403), echo], { credential: rotating('new') }).decide()).toMatchObject({
      effect: 'permit',
    });
  });

  it('is taken by method, origin and path alone where that is asked for', async () => {
    const { ended, decide } = ask([broken, echoOfTheOneBefore], { retries: 1, binding: 'request' });
    expect(await decide()).toMatchObject({ effect: 'permit', changes: [] });
    expect(ended).toEqual([]);
  });

  it('that is merely not understood leaves its connection in use', async () => {
    const { ended, decide } = ask([status(200, '{}')]);
    expect(await faultOf(decide)).toMatchObject({ code: 'PDP_BAD_REPLY', outOfStep: false });
    expect(ended).toEqual([]);
  });
});

describe('a refused credential', () => {
  it('is one that the service said so of: any other answer leaves it in use', async () => {
    for (const answer of [echo, status(200, '{}'), status(404)]) {
      const { posts, decide } = ask([answer], { credential: rotating('new') });
      await decide().catch(() => undefined);
      expect(posts.map(({ credential }) => credential)).toEqual(['old']);
    }
  });

  it.each([401, 403])('is replaced once, after HTTP %i', async code => {
    const { posts, decide } = ask([status(code), echo], { credential: rotating('new') });
    expect(await decide()).toMatchObject({ effect: 'permit' });
    expect(posts.map(({ credential }) => credential)).toEqual(['old', 'new']);
  });

  it.each([401, 403])('is the reason where there is no other one, after HTTP %i', async code => {
    const { posts, decide } = ask([status(code)], { credential: rotating(undefined) });
    expect(await faultOf(decide)).toMatchObject({
      code: 'CREDENTIAL_REFUSED',
      detail: `HTTP ${code}`,
      unhealthy: false,
      retryable: false,
    });
    expect(posts).toHaveLength(1);
  });

  it('is the reason where the other one is refused too, and no third one is tried', async () => {
    const { posts, decide } = ask([status(401), status(403)], { credential: rotating('new', 'newer') });
    expect((await faultOf(decide)).code).toBe('CREDENTIAL_REFUSED');
    expect(posts).toHaveLength(2);
  });

  it('is told to its keeper where it was the replacement, so that no other request is given it', async () => {
    const noted: string[] = [];
    const credential = { ...rotating('new'), noteRefusal: (value: string) => void noted.push(value) };
    expect((await faultOf(ask([status(401), status(401)], { credential }).decide)).code).toBe('CREDENTIAL_REFUSED');
    await ask([status(401), echo], {
      credential: { ...credential, replacement: rotating('new').replacement },
    }).decide();
    expect(noted).toEqual(['new']);
  });

  it('is not replaced once the request is over', async () => {
    const over = new AbortController();
    const credential: GatewayCredential = {
      ...fixedCredential('old'),
      replacement: async () => {
        over.abort();
        return 'new';
      },
    };
    const { posts, decide } = ask([status(401)], { credential, signal: over.signal });
    expect((await faultOf(decide)).code).toBe('CREDENTIAL_REFUSED');
    expect(posts).toHaveLength(1);
  });

  it('keeps the id that PingOne gave the refusal, and not its words', async () => {
    const body = JSON.stringify({ id: 'e-1', message: 'canary' });
    const fault = await faultOf(ask([status(401, body)], { credential: rotating(undefined) }).decide);
    expect(fault.correlationId).toBe('e-1');
    expect(fault.message).not.toContain('canary');
  });
});
