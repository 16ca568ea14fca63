/** Rules for the URL that PingOne is asked about: the one that the client typed, percent-encoded once. */
import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readRequest } from '../../../src/gateway/event.ts';
import type { GatewayEvent } from '../../support/event-parts.ts';
import { restQuery } from '../../support/event-parts.ts';
import {
  httpBareEvent,
  httpEvent,
  httpNamedStageEvent,
  httpV1Event,
  restCustomDomainEvent,
  restEvent,
  restTestInvokeEvent,
  websocketEvent,
} from '../../support/events.ts';
import { HTTP_HOST, REST_HOST, WEBSOCKET_HOST } from '../../support/golden-events.ts';
import { faultOf } from '../faults.ts';

const urlOf = (event: GatewayEvent): string => readRequest(event, readEnvelope(event)).url;
const restPath = (path: string): string =>
  urlOf(restEvent({ path, requestContext: { path: `/dev${path}` }, ...restQuery('') })).slice(
    `https://${REST_HOST}/dev`.length,
  );
const restSearch = (query: string): string => new URL(urlOf(restEvent(restQuery(query)))).search;
const httpPath = (rawPath: string): string => urlOf(httpBareEvent({ rawPath })).slice(`https://${HTTP_HOST}`.length);
const httpSearch = (rawQueryString: string): string =>
  urlOf(httpBareEvent({ rawQueryString })).slice(`https://${HTTP_HOST}/products/1`.length);

describe('the host', () => {
  it('is API Gateway’s own domain name, whatever Host the client sent', () => {
    expect(urlOf(httpEvent({ headers: { host: 'evil.example' } }))).toMatch(`https://${HTTP_HOST}/`);
    expect(urlOf(restCustomDomainEvent())).toMatch(/^https:\/\/api\.example\.org\/shop\/products\/1/);
  });

  it('is the Host header if the event has no domain name', () => {
    expect(
      urlOf(httpEvent({ headers: { host: 'api.example.org:8443' }, requestContext: { domainName: undefined } })),
    ).toMatch(/^https:\/\/api\.example\.org:8443\/products\/1/);
  });

  it('may have as many characters as a domain name with a port, and no more', async () => {
    const hostOf = (length: number): string => `${'abcdefg.'.repeat(40).slice(0, length - 3)}.de`.slice(-length);
    const eventOf = (length: number) => httpEvent({ requestContext: { domainName: hostOf(length) } });
    expect(urlOf(eventOf(259))).toContain(`https://${hostOf(259)}/`);
    expect((await faultOf(() => urlOf(eventOf(260)))).code).toBe('INVALID_REQUEST');
  });

  it.each(['[2001:db8::1]', '[::1]:8443'])('may be an IPv6 address: %s', domainName => {
    expect(urlOf(httpEvent({ requestContext: { domainName } }))).toMatch(`https://${domainName}/products/1`);
  });

  it.each([
    ...[
      'evil.example/x?y#z',
      'api@evil.example',
      'a b',
      'a\\b',
      'a:99x',
      'ä.example',
      'a%2fb',
      '[g::1]',
      '[::1',
      '999.1.1.1',
      '[::1::]',
      '.0',
      'a.example:65536',
      'A'.repeat(17_000),
    ].map(domainName => [domainName, "the event's host is not a host name"] as const),
    ['', 'the event has neither requestContext.domainName nor a Host header'] as const,
  ])('is refused as %j', async (domainName, detail) => {
    const event = restEvent({ requestContext: { domainName }, headers: {}, multiValueHeaders: {} });
    expect(await faultOf(() => urlOf(event))).toMatchObject({ code: 'INVALID_REQUEST', detail });
  });
});

describe('the path', () => {
  it('holds the stage of an execute-api host, and the base path of a custom domain', () => {
    expect(restPath('/products/1')).toBe('/products/1');
    expect(urlOf(restEvent())).toMatch(`https://${REST_HOST}/dev/products/1?`);
    expect(urlOf(httpNamedStageEvent())).toMatch(`https://${HTTP_HOST}/dev/products/1?`);
    expect(urlOf(httpEvent())).toMatch(`https://${HTTP_HOST}/products/1?`);
    expect(urlOf(httpV1Event())).toMatch(`https://${HTTP_HOST}/products/1?`);
    expect(urlOf(restTestInvokeEvent())).toBe('https://testPrefix.testDomainName/');
  });

  it.each([
    ['/a', '/dev/a', '/dev/a'],
    ['/shop/a', '/a', '/shop/a'],
    ['/a', undefined, '/a'],
    ['/a', '/b', '/a'],
  ])('is of %s and the requestContext’s %s the longer one, else the first', (path, contextPath, expected) => {
    const event = restEvent({ path, requestContext: { path: contextPath }, ...restQuery('') });
    expect(urlOf(event)).toBe(`https://${REST_HOST}${expected}`);
  });

  it.each([
    ['%2F', '/a%2Fb'],
    ['a lower-case escape', '/a%2fb'],
    ['an encoded percent sign', '/100%25'],
    ['an encoded blank', '/a%20b'],
    ['unicode', '/caf%C3%A9/%F0%9F%98%80'],
    ['a plus', '/a+b'],
    ['reserved characters', "/a;b=c,d:e@f!$&'()*+~"],
    ['a trailing slash', '/a/'],
    ['two slashes', '//evil.example/x'],
    ['an encoded question mark', '/a%3Fb%23c'],
    ['dot segments', '/a/../b/./c'],
    ['a percent sign that starts no escape', '/%zz/%'],
  ])('of a REST API is passed on unchanged: %s', (_, path) => {
    expect(restPath(path)).toBe(path);
  });

  it('of a REST API is unchanged except for characters that no URL may hold', () => {
    expect(restPath('/a b"<>`{}^\\é?#')).toBe('/a%20b%22%3C%3E%60%7B%7D%5E%5C%C3%A9%3F%23');
  });

  it.each([
    ['a blank', '/space value', '/space%20value'],
    ['unicode', '/café/😀', '/caf%C3%A9/%F0%9F%98%80'],
    ['a percent sign', '/100%', '/100%25'],
    ['what looks encoded', '/a%2Fb', '/a%252Fb'],
    ['question mark and fragment', '/a?b#c', '/a%3Fb%23c'],
    ['a plus, which is none but itself', '/a+b', '/a+b'],
    ['reserved characters', "/a;b=c,d:e@f!$&'()*", "/a;b=c,d:e@f!$&'()*"],
    ['brackets and a backslash', '/[x]\\y', '/%5Bx%5D%5Cy'],
    ['a lone surrogate', '/\ud800x', '/%EF%BF%BDx'],
  ])('of an HTTP API arrives decoded and is encoded once: %s', (_, rawPath, encoded) => {
    expect(httpPath(rawPath)).toBe(encoded);
    const v1 = httpV1Event({ path: rawPath, requestContext: { path: rawPath }, ...restQuery('') });
    expect(urlOf(v1)).toBe(`https://${HTTP_HOST}${encoded}`);
  });

  it('never becomes part of the host', () => {
    for (const path of ['//evil.example/x', '/\\evil.example', '@evil.example', '.evil.example/', ':99/']) {
      expect(new URL(urlOf(httpBareEvent({ rawPath: path }))).host).toBe(HTTP_HOST);
      expect(new URL(urlOf(restEvent({ path, requestContext: { path } }))).host).toBe(REST_HOST);
    }
  });
});

describe('the query', () => {
  it('of REST, HTTP 1.0 and WebSocket APIs is encoded again, with repeated names in order and empty values kept', () => {
    expect(restSearch('fields=name&fields=price&q=a%20b')).toBe('?fields=name&fields=price&q=a%20b');
    expect(restSearch('a=&b=2&a=1')).toBe('?a=&a=1&b=2');
    expect(restSearch('q=a%2Bb%26c%3Dd%2Fe%25')).toBe('?q=a%2Bb%26c%3Dd%2Fe%25');
    expect(restSearch('q=a+b')).toBe('?q=a%20b');
    expect(restSearch('%E2%82%AC=%F0%9F%98%80')).toBe('?%E2%82%AC=%F0%9F%98%80');
    expect(new URL(urlOf(httpV1Event())).search).toBe('?fields=name&fields=price&q=a%20b');
    expect(urlOf(websocketEvent())).toBe(`https://${WEBSOCKET_HOST}/dev?access_token=t0ken`);
  });

  it('comes from the single values if a gateway sends no multi-value map', () => {
    const event = restEvent({ queryStringParameters: { a: '1', b: '2' }, multiValueQueryStringParameters: null });
    expect(new URL(urlOf(event)).search).toBe('?a=1&b=2');
  });

  it('of payload 2.0 is unchanged', () => {
    for (const query of [
      'a=1&a=2&b=%20x',
      'a&b=&=c&&',
      'q=a+b%2Bc',
      'a=%2f%2F',
      "a='(~)'!*",
      'a[]=1',
      'r=https://x/?y',
    ]) {
      expect(httpSearch(query)).toBe(`?${query}`);
    }
    expect(httpSearch('')).toBe('');
  });

  it('of payload 2.0 is unchanged except for characters that no URL may hold', () => {
    expect(httpSearch('a=1#b')).toBe('?a=1%23b');
    expect(httpSearch('a=é "<>\udc00')).toBe('?a=%C3%A9%20%22%3C%3E%EF%BF%BD');
  });

  it('may hold a name that is a member of every object', () => {
    const named = JSON.parse('{"__proto__":["x"],"constructor":["y"]}') as unknown;
    const event = restEvent({ multiValueQueryStringParameters: named, queryStringParameters: null });
    expect(new URL(urlOf(event)).search).toBe('?__proto__=x&constructor=y');
  });
});
