/** Rules for the context: it holds only strings, and they are safe where API Gateway pastes them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deny, type Permit } from '../../../src/domain/decision.ts';
import type { HeaderLine } from '../../../src/domain/request.ts';
import { type AuthorizerContext, contextKeyOf, contextOf, pasteable } from '../../../src/gateway/context.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { permitFor } from '../permits.ts';

const IDS = { requestId: 'req-1', traceId: undefined };
const denial = {
  reasonCode: 'POLICY_DENIED',
  status: 403,
  reason: 'no',
  fromPdp: true,
} as const;

const permitWith = (headers: readonly HeaderLine[], correlationId?: string): Permit =>
  permitFor({ headers, changes: [], correlationId });

const forwarded = (headers: readonly HeaderLine[], ...names: readonly string[]): AuthorizerContext =>
  contextOf(permitWith(headers), names, IDS);

describe('the context of a permit', () => {
  it('says permit, and has no key of a denial', () => {
    expect(contextOf(permitWith([]), [], IDS)).toEqual({
      effect: 'permit',
      reasonCode: 'PERMIT',
      correlationId: 'req-1',
    });
    expect(contextOf(permitWith([], 'c-1'), [], IDS)).toMatchObject({ correlationId: 'c-1' });
  });

  it.each([
    ['x'.repeat(300), 'x'.repeat(128)],
    ['a","b":"<c>\\\r\n', 'ab:c'],
    ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c', 'unknown'],
    ['"', 'unknown'],
    [undefined, 'unknown'],
  ])('has of the request’s id %j only what can be pasted, where PingOne gave none', (requestId, correlationId) => {
    expect(contextOf(permitWith([]), [], { ...IDS, requestId })).toMatchObject({ correlationId });
    expect(contextOf(permitWith([], 'c-1'), [], { ...IDS, requestId })).toMatchObject({ correlationId: 'c-1' });
  });

  it('has each named header’s final value, with repeated ones joined, under a lower-case key with underscores', () => {
    expect(
      forwarded(
        [
          ['X-User-Id', 'a'],
          ['x-user-id', 'b'],
          ['X-Role', 'r'],
        ],
        'x-user-id',
        'x-role',
      ),
    ).toMatchObject({
      hdr_x_user_id: 'a, b',
      hdr_x_role: 'r',
    });
    expect(contextKeyOf('X-A_b-C')).toBe('hdr_x_a_b_c');
  });

  it('has an empty string for a missing header, so that a backend never takes the client’s own copy for PingOne’s', () => {
    expect(forwarded([], 'x-user')).toMatchObject({ hdr_x_user: '' });
  });

  it.each(['a\r\nX: y', 'a\nb', 'a\0b', '\u0085'])(
    'has an empty string for the value %j, which could break a header line',
    value => {
      expect(forwarded([['x-user', value]], 'x-user')).toMatchObject({ hdr_x_user: '' });
    },
  );

  it.each(['Zoë', 'Łukasz', '佐藤', 'ναι', 'ĠƠ', 'a, b; c="d"', '~', ''])('has %j unchanged', value => {
    expect(forwarded([['x-user', value]], 'x-user')).toMatchObject({ hdr_x_user: value });
  });

  it.each([
    ['a line feed to what keeps low bytes', '\u010a'],
    ['a carriage return to it', 'x\u010dy'],
    ['a null to it', '\u{20000}'],
    ['a C1 control to it', '\u0185'],
    ['a delete to it', '\u017f'],
    ['no letter', '✓'],
    ['a line separator', 'a\u2028b'],
    ['half a character', '\ud83d'],
    ['invisible', 'a\u200bb'],
  ])('has an empty string if a character is %s', (_, value) => {
    expect(forwarded([['x-user', value]], 'x-user')).toMatchObject({ hdr_x_user: '' });
  });

  it('has only values that stay one line of text in UTF-8 and in low bytes', () => {
    const letters = fc.string({ unit: anyCharacter, maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: fc.constantFrom(...'aZ~ é\u010aœłßяж佐') })), value => {
        const { hdr_x_user: exported } = forwarded([['x-user', value]], 'x-user');
        expect([value, '']).toContain(exported);
        expect(exported).toMatch(/^[\x20-\x7e\p{L}\p{M}]*$/u);
        expect(Buffer.from(exported ?? '', 'latin1').toString('latin1')).not.toMatch(/\p{Cc}/u);
        if (/^[\x20-\x7e]*$/.test(value)) expect(exported).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('has no header that FORWARD_HEADERS does not name', () => {
    expect(
      Object.keys(
        forwarded(
          [
            ['x-a', '1'],
            ['authorization', 'secret'],
          ],
          'x-a',
        ),
      ),
    ).toEqual(['effect', 'reasonCode', 'correlationId', 'hdr_x_a']);
  });
});

describe('the context of a denial', () => {
  it('gives the reason, the status and the trace id as strings', () => {
    expect(contextOf(deny(denial), [], { ...IDS, traceId: 'ab'.repeat(16) })).toMatchObject({
      traceId: 'ab'.repeat(16),
    });
    expect(contextOf(deny({ ...denial, correlationId: 'c-1' }), ['x-user'], IDS)).toEqual({
      effect: 'deny',
      reasonCode: 'POLICY_DENIED',
      reason: 'no',
      status: '403',
      correlationId: 'c-1',
    });
  });

  it('has the challenge unchanged, up to 1,024 characters', () => {
    const challenge = 'Bearer error="insufficient_user_authentication", acr_values="mfa"';
    expect(contextOf(deny({ ...denial, challenge }), [], IDS)).toMatchObject({ wwwAuthenticate: challenge });
    expect(contextOf(deny({ ...denial, challenge: 'x'.repeat(1024) }), [], IDS)).toHaveProperty('wwwAuthenticate');
    expect(contextOf(deny({ ...denial, challenge: 'x'.repeat(1025) }), [], IDS)).not.toHaveProperty('wwwAuthenticate');
    for (const broken of ['a\r\nX: y', 'Bearer realm="\u010a"', '']) {
      expect(contextOf(deny({ ...denial, challenge: broken }), [], IDS)['wwwAuthenticate'] ?? '').not.toMatch(/[^ -~]/);
    }
  });

  it('has the body up to 2 KB, as the same JSON in ASCII', () => {
    const body = JSON.stringify({ message: 'é😀\u2028"\\' });
    const context = contextOf(deny({ ...denial, body }), [], IDS);
    expect(context['body']).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(context['body'] ?? '')).toEqual(JSON.parse(body));
    expect(contextOf(deny({ ...denial, body: `"${'x'.repeat(2046)}"` }), [], IDS)).toHaveProperty('body');
    expect(contextOf(deny({ ...denial, body: `"${'x'.repeat(2047)}"` }), [], IDS)).not.toHaveProperty('body');
    // The limit holds for the ASCII form, in which each of these takes six characters.
    expect(contextOf(deny({ ...denial, body: `"${'é'.repeat(341)}"` }), [], IDS)).toHaveProperty('body');
    expect(contextOf(deny({ ...denial, body: `"${'é'.repeat(342)}"` }), [], IDS)).not.toHaveProperty('body');
  });
});

describe('a reason', () => {
  it('is unchanged if it is safe and has at most 256 characters, and longer ones are cut', () => {
    for (const text of ['', 'x', 'a  b', '~!#[]', 'x'.repeat(256)]) expect(pasteable(text)).toBe(text);
    expect(pasteable('x'.repeat(257))).toBe('x'.repeat(256));
    expect(pasteable(' a  b')).toBe('a b');
    expect(pasteable('a  b ')).toBe('a b');
  });

  it('is made of the first 1,024 characters, so that a long text costs little', () => {
    expect(pasteable(`${'\u0301'.repeat(1023)}xy`)).toBe('x');
  });

  it('keeps its words', () => {
    expect(pasteable('You need the scope orders:write.')).toBe('You need the scope orders:write.');
    expect(pasteable('Café\n  "x" \\ y\t')).toBe("Cafe 'x' / y");
    expect(pasteable('拒否 😀')).toBe('?? ?');
  });

  it('can be pasted into a JSON string, whatever PingOne sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyCharacter, maxLength: 600 }), fc.string({ maxLength: 600 })), text => {
        const safe = pasteable(text);
        expect(safe).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{0,256}$/);
        expect(JSON.parse(`{"message":"${safe}"}`)).toEqual({ message: safe });
      }),
    );
  });
});
