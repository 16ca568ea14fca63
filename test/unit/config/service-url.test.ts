/** Rules for PingOne's Service URL. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/config/parsers.ts';
import { keySetUrl, serviceUrl } from '../../../src/config/service-url.ts';
import { growthOf } from '../../support/growth.ts';

describe('a URL that is called', () => {
  it.each([
    ['', 'must be an absolute URL, https://…'],
    ['h.example', 'must be an absolute URL, https://…'],
    ['//h.example', 'must be an absolute URL, https://…'],
    ['https:///h.example', 'must be an absolute URL, https://…'],
    ['xhttps://h.example', 'must be an absolute URL, https://…'],
    ['ftp://h.example', 'must be an absolute URL, https://…'],
    ['https://h.example:99999', 'must be an absolute URL, https://…'],
    ['https://h.example\\path', 'must be an absolute URL, https://…'],
    ['http://h.example', 'must begin with https:// (http:// is accepted for loopback hosts alone)'],
    ['http://notlocalhost', 'must begin with https:// (http:// is accepted for loopback hosts alone)'],
    ['http://localhosts', 'must begin with https:// (http:// is accepted for loopback hosts alone)'],
    ['http://x.127.0.0.1.example', 'must begin with https:// (http:// is accepted for loopback hosts alone)'],
    ['http://x127.0.0.1a', 'must begin with https:// (http:// is accepted for loopback hosts alone)'],
    ['http://[::12]', 'must begin with https:// (http:// is accepted for loopback hosts alone)'],
    ['https://user:pw@h.example', 'must not hold a user name or password'],
    ['https://user@h.example', 'must not hold a user name or password'],
    ['https://:pw@h.example', 'must not hold a user name or password'],
    ['https://h.example/<id>', 'still holds a placeholder such as <id>: put the real value in its place'],
  ])('is not %j: it %s', (url, said) => {
    for (const parse of [serviceUrl, keySetUrl]) expect(() => parse(url)).toThrow(new Problem(said));
  });

  it('may be in any case, and over http on any loopback address', () => {
    expect(keySetUrl('HTTPS://H.example/Jwks?x=1')).toBe('https://h.example/Jwks?x=1');
    for (const host of ['localhost', '127.0.0.1', '127.10.200.30', '[::1]']) {
      expect(keySetUrl(`http://${host}:8080/`)).toBe(`http://${host}:8080/`);
    }
  });

  it('has no fragment, and the Service URL no query either', () => {
    for (const url of ['https://h.example/#', 'https://h.example/#x']) {
      expect(() => keySetUrl(url)).toThrow(new Problem('must have no fragment'));
      expect(() => serviceUrl(url)).toThrow(new Problem('must have no query and no fragment'));
    }
    expect(() => serviceUrl('https://h.example/?')).toThrow(new Problem('must have no query and no fragment'));
  });
});

describe('the service URL', () => {
  it('is taken apart for the calls', () => {
    expect(serviceUrl('https://H.example:8443/v1/')).toEqual({
      protocol: 'https:',
      origin: 'https://h.example:8443',
      host: 'h.example:8443',
      hostname: 'h.example',
      port: '8443',
      pathname: '/v1',
    });
  });

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
          expect(() => serviceUrl(`https://h.example/${segments.join('/')}${tail}${slashes}`)).toThrow(
            new Problem('must be the Service URL alone: leave out "/sideband" and what follows, it is added for you'),
          );
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
