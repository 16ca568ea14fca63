/** Rules of the sockets between two requests: none is used again that is too old or was spoken on. */
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { bytesReadOn, idleSockets } from '../../../src/pdp/socket-reuse.ts';
import { fakeClock } from '../fake-clock.ts';

/** A socket that counts what arrives, as those of Node do. */
const socket = (more: object = {}): Duplex & { bytesRead: number } =>
  Object.assign(new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() }), {
    bytesRead: 0,
    ...more,
  });

const resting = (more: object = {}) => {
  const clock = fakeClock();
  const idle = idleSockets(1000, clock);
  const one = socket(more);
  idle.rest(one);
  return { clock, idle, one };
};

describe('an idle socket', () => {
  it('is fit for another request until it is too old', () => {
    const { clock, idle, one } = resting();
    expect(idle.isFit(one)).toBe(true);
    clock.jump(999);
    expect(idle.isFit(one)).toBe(true);
    clock.jump(1);
    expect(idle.isFit(one)).toBe(false);
  });

  it('is too old sooner where the server said so, and never later', () => {
    for (const [timeout, jump] of [
      [400, 400],
      [5000, 1000],
      [0, 1000],
    ] as const) {
      const { clock, idle, one } = resting({ timeout });
      clock.jump(jump - 1);
      expect(idle.isFit(one)).toBe(true);
      clock.jump(1);
      expect(idle.isFit(one)).toBe(false);
    }
  });

  it('is not fit where the clock was set back, nor where nobody said that it rests', () => {
    const { clock, idle, one } = resting();
    expect(idle.isFit(socket())).toBe(false);
    clock.jump(-1);
    expect(idle.isFit(one)).toBe(false);
  });

  it('is not fit where bytes wait on it to be read', () => {
    const { idle, one } = resting();
    one.push('HTTP/1.1 200 OK');
    expect(idle.isFit(one)).toBe(false);
  });

  it('is not fit where bytes came and are gone', () => {
    const { idle, one } = resting({ bytesRead: 100 });
    expect(idle.isFit(one)).toBe(true);
    one.bytesRead += 1;
    expect(idle.isFit(one)).toBe(false);
  });
});

describe('the bytes that arrived on a socket', () => {
  it('are those that Node counts, none where it counts none', () => {
    expect([bytesReadOn(socket({ bytesRead: 7 })), bytesReadOn(new Duplex())]).toEqual([7, 0]);
  });
});
