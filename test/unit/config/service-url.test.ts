/** Rules for PingOne's Service URL. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keySetUrl, serviceUrl } from '../../../src/config/service-url.ts';
import { growthOf } from '../../support/growth.ts';

describe('the service URL', () => {
  const segment = fc.stringMatching(/^[\w.~-]{1,12}$/).filter(text => !/YOUR[_-]/.test(text));

  it('may have the word sideband anywhere but at its end', () => {
    for (const path of [
      '/sideband/v1',
      '/sideband-proxy',
      '/x/sideband/request/y',
      '/my-sideband',
      '/sidebands',
      '/sideband/requests',
    ]) {
      expect(serviceUrl(`https://h.example${path}`).pathname).toBe(path);
    }
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), segments => {
        const path = `/${segments.join('/')}`;
        fc.pre(!segments.some(text => /^\.\.?$/.test(text)) && !/\/sideband(?:\/re(?:quest|sponse))?$/i.test(path));
        expect(serviceUrl(`https://h.example${path}`).pathname).toBe(path);
      }),
    );
  });

  it.each(['\n', '\t', '\u00a0', ' ', 'é'])('must be printable ASCII from its host on: %j', character => {
    for (const parse of [serviceUrl, keySetUrl]) {
      expect(() => parse(`https://${character}h.example`)).toThrow(/must be an absolute URL/);
    }
  });

  it('loses the slashes at its end in work that grows with them, and no faster', () => {
    const prepare = (size: number) => {
      const text = `https://h.example/${'/'.repeat(size)}a`;
      return () => serviceUrl(text);
    };
    expect(growthOf(prepare, 4000, 8)).toBeLessThan(24);
  });

  it('must not end in the path that is added to it', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 3 }),
        fc.constantFrom('/sideband', '/sideband/request', '/sideband/response'),
        fc.constantFrom('', '/', '//'),
        (segments, tail, slashes) => {
          expect(() => serviceUrl(`https://h.example/${segments.join('/')}${tail}${slashes}`)).toThrow(/leave out/);
        },
      ),
    );
  });

  it.each(['<id>', '{id}', `$${'{ID}'}`, '%3Cid%3E', '%7bid%7D', 'YOUR_ENVIRONMENT_ID', 'YOUR-ID', '<', '>'])(
    'must not hold the placeholder %s, and the message says that it is one',
    placeholder => {
      expect(() => serviceUrl(`https://h.example/v1/environments/${placeholder}`)).toThrow(/placeholder/);
      expect(() => serviceUrl(`https://${placeholder}.example/v1`)).toThrow(/placeholder/);
    },
  );
});
