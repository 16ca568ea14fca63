/** Rules of one attempt: a source port of its own goes out, and the reply comes back beside what was sent. */
import { describe, expect, it } from 'vitest';
import { newFacts } from '../../../src/domain/call.ts';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { attempts } from '../../../src/pdp/attempt.ts';
import type { Post } from '../../../src/pdp/send.ts';

const REQUEST: AccessRequest = { kind: 'rest', method: 'GET', url: 'https://h/a', headers: [], sourceIp: '192.0.2.1' };
const REPLY = { status: 200, headers: {}, body: undefined };

describe('an attempt', () => {
  const call = { signal: new AbortController().signal, facts: newFacts(), trace: undefined };
  const question = { request: REQUEST, credential: 'c-1' };

  it('names a port that chance draws anew each time', async () => {
    const posts: Post[] = [];
    const chances = [0, 0.5, 0.999_999];
    const attempt = attempts(
      async post => {
        posts.push(post);
        return REPLY;
      },
      { random: () => chances.shift() ?? 1 },
    );
    for (let at = 0; at < 3; at += 1) await attempt(question, call);
    expect(posts.map(({ body }) => JSON.parse(body).source_port)).toEqual([49_152, 57_344, 65_535]);
  });

  it('gives its reply beside exactly what was sent', async () => {
    let sent = '';
    const attempt = attempts(
      async ({ body }) => {
        sent = body;
        return REPLY;
      },
      { random: Math.random },
    );
    const { asked, reply } = await attempt(question, call);
    expect(JSON.parse(sent)).toEqual(asked);
    expect(Object.keys(asked).slice(0, 3)).toEqual(['source_ip', 'source_port', 'method']);
    expect(reply).toBe(REPLY);
  });
});
