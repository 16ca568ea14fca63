/** Rules for binding a reply to its attempt: an echoed source address or port must equal the one that was sent. */
import { describe, expect, it } from 'vitest';
import { foreignMembers, isOtherAttempt } from '../../../src/sideband/binding.ts';
import { ASKED } from '../permits.ts';

const echoed = (members: Readonly<Record<string, unknown>>): readonly string[] =>
  foreignMembers(ASKED, { ...ASKED, ...members });

describe('an echo of this attempt', () => {
  it.each([
    ['holds what was sent', {}],
    ['holds the port as text', { source_port: String(ASKED.source_port) }],
    ['changes what binds nothing', { method: 'POST', url: 'x', http_version: '2', state: 'x' }],
  ])('%s', (_, members) => {
    expect(echoed(members)).toEqual([]);
  });

  it('may lack both source address and port', () => {
    expect(foreignMembers(ASKED, { method: 'GET', url: ASKED.url, headers: [] })).toEqual([]);
  });

  it('may spell an IPv6 address differently', () => {
    const asked = { ...ASKED, source_ip: '2001:db8::1' };
    for (const source_ip of ['2001:DB8::1', '2001:db8:0:0:0:0:0:1']) {
      expect(foreignMembers(asked, { ...asked, source_ip })).toEqual([]);
    }
    for (const source_ip of [
      '2001:db8::2',
      '2001:db8::1]/',
      '2001:db8::1]:80',
      '2001:db8::1 ',
      '\t2001:db8::1',
      ['2001:db8::1'],
    ]) {
      expect(foreignMembers(asked, { ...asked, source_ip })).toEqual(['source_ip']);
    }
  });
});

describe('an echo of another attempt', () => {
  it.each([
    49_153,
    '49153',
    0,
    '',
    null,
    true,
    [49_152],
    { port: 49_152 },
    '49152 ',
    '049152',
    '4.9152e4',
    '0xc000',
    49_152.5,
  ])('is recognised by its source_port %j', port => {
    expect(echoed({ source_port: port })).toEqual(['source_port']);
  });

  it.each(['192.0.2.2', '', null, 1, ['192.0.2.1'], '192.0.2.1 ', '192.0.2.01'])(
    'is recognised by its source_ip %j',
    address => {
      expect(echoed({ source_ip: address })).toEqual(['source_ip']);
    },
  );

  it('is recognised by both at once', () => {
    expect(echoed({ source_ip: '', source_port: 1 })).toEqual(['source_ip', 'source_port']);
  });
});

describe('a denial', () => {
  it.each([
    ['of another attempt of ours: its port is another one of ours', 50_000, true],
    ['of another attempt of ours, the port as text', '50000', true],
    ['of this attempt', ASKED.source_port, false],
    ['of this attempt, the port as text', String(ASKED.source_port), false],
    ['with a number that the service writes by itself', 443, false],
    ['with no port', undefined, false],
    ['with what is no port', 'none', false],
    ['with an object that cannot be made a number', { toString: 1 }, false],
  ])('is one %s', (_, port, other) => {
    expect(isOtherAttempt(ASKED, { ...ASKED, source_port: port })).toBe(other);
  });
});
