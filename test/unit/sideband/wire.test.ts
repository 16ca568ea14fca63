/** Rules for the service's path, and for source ports: all ephemeral ports are used, and no other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSourcePort, SIDEBAND_PATH, sourcePortOf } from '../../../src/sideband/wire.ts';

describe('the service', () => {
  it('is asked at the path of Ping’s sideband API', () => {
    expect(SIDEBAND_PATH).toBe('/sideband/request');
  });
});

describe('a source port', () => {
  it('is drawn from 49152 to 65535, both included', () => {
    expect([sourcePortOf(0), sourcePortOf(1 - Number.EPSILON / 2)]).toEqual([49_152, 65_535]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), chance =>
        isSourcePort(sourcePortOf(chance)),
      ),
    );
  });

  it('differs from a port that no attempt could have sent', () => {
    expect([0, 443, 5034, 49_151, 65_536, Number.NaN].filter(isSourcePort)).toEqual([]);
  });
});
