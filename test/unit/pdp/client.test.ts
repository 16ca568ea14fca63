/** Rules of one question to PingOne: payload, credential, send, reply. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/decision.ts';
import { newFacts } from '../../../src/facts.ts';
import { sidebandPdp } from '../../../src/pdp/client.ts';
import { fixedCredential, type GatewayCredential } from '../../../src/pdp/credential.ts';
import type { Post, Send } from '../../../src/pdp/send.ts';
import type { AccessRequest } from '../../../src/request.ts';
import { toSideband } from '../../../src/sideband/payload.ts';
import type { SidebandReply } from '../../../src/sideband/wire.ts';
import { faultOf } from '../faults.ts';

const REQUEST: AccessRequest = {
  kind: 'rest',
  method: 'GET',
  url: 'https://h.example/a',
  headers: [],
  sourceIp: '192.0.2.1',
};
const echo = (status = 200): SidebandReply => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(toSideband(REQUEST))),
});

const ask = (credential: GatewayCredential, ...replies: readonly SidebandReply[]) => {
  const posts: Post[] = [];
  const send: Send = async post => {
    posts.push(post);
    const reply = replies[posts.length - 1];
    if (reply === undefined) throw new Error('a call too many');
    return reply;
  };
  const call = { signal: new AbortController().signal, facts: newFacts(), trace: undefined };
  const decide = (): Promise<Decision> => sidebandPdp(send, credential)(REQUEST, call);
  return { posts, decide };
};

const rotating = (...others: readonly (string | undefined)[]): GatewayCredential => {
  const left = [...others];
  return { ...fixedCredential('old'), replacement: async () => left.shift() };
};

describe('a question', () => {
  it('is the payload as JSON, with the credential beside it', async () => {
    const { posts, decide } = ask(fixedCredential('c-1'), echo());
    expect(await decide()).toMatchObject({ effect: 'permit' });
    expect(posts).toEqual([{ body: JSON.stringify(toSideband(REQUEST)), credential: 'c-1', propagation: {} }]);
  });
});

describe('a refused credential', () => {
  it.each([401, 403])('is replaced once, after HTTP %i', async status => {
    const { posts, decide } = ask(rotating('new'), echo(status), echo());
    expect(await decide()).toMatchObject({ effect: 'permit' });
    expect(posts.map(({ credential }) => credential)).toEqual(['old', 'new']);
  });

  it('is the reason where there is no other one', async () => {
    const { posts, decide } = ask(rotating(undefined), echo(401));
    expect(await faultOf(decide)).toMatchObject({ code: 'CREDENTIAL_REFUSED', sick: false, retryable: false });
    expect(posts).toHaveLength(1);
  });

  it('is the reason where the other one is refused too, and no third one is tried', async () => {
    const { posts, decide } = ask(rotating('new', 'newer'), echo(401), echo(403));
    expect((await faultOf(decide)).code).toBe('CREDENTIAL_REFUSED');
    expect(posts).toHaveLength(2);
  });

  it('keeps the id that PingOne gave the refusal, and not its words', async () => {
    const body = Buffer.from(JSON.stringify({ id: 'e-1', message: 'canary' }));
    const fault = await faultOf(ask(rotating(undefined), { status: 401, headers: {}, body }).decide);
    expect(fault.correlationId).toBe('e-1');
    expect(fault.message).not.toContain('canary');
  });
});
