/** Rules for reading an event: four shapes become one form of request, every other shape is refused. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { readEnvelope } from '../../../src/gateway/envelope.ts';
import { readRequest } from '../../../src/gateway/event.ts';
import { clientCert, httpHeaders, restHeaders } from '../../support/event-parts.ts';
import {
  httpEvent,
  httpV1Event,
  restEdgeEvent,
  restEvent,
  restTestInvokeEvent,
  websocketEvent,
} from '../../support/events.ts';
import { BEARER, VIEWER } from '../../support/golden-events.ts';
import { faultOf } from '../faults.ts';

const read = (event: unknown): AccessRequest => readRequest(event, readEnvelope(event));
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

describe('a request', () => {
  it.each([
    ['rest', restEvent()],
    ['http-2.0', httpEvent()],
    ['http-1.0', httpV1Event()],
    ['websocket', websocketEvent()],
  ])('of kind %s has its method, peer and headers, and is frozen', (kind, event) => {
    const request = read(event);
    expect(request).toMatchObject({ kind, method: 'GET', sourceIp: VIEWER });
    expect(request.headers.length).toBeGreaterThan(2);
    expect(Object.isFrozen(request) && Object.isFrozen(request.headers)).toBe(true);
    expect(request).not.toHaveProperty('clientCertificatePem');
  });

  it('has its method in upper case', () => {
    expect(read(restEvent({ httpMethod: 'delete' })).method).toBe('DELETE');
    expect(read(httpEvent({ requestContext: { http: { method: 'Patch' } } })).method).toBe('PATCH');
  });

  it('of a WebSocket is the GET of its handshake', () => {
    expect(read(websocketEvent({ httpMethod: 'POST' })).method).toBe('GET');
  });

  it('has the immediate peer as its source, never an address of X-Forwarded-For', () => {
    const spoofed = restHeaders([['X-Forwarded-For', '203.0.113.9, 192.0.2.1']]);
    expect(read(restEvent(spoofed)).sourceIp).toBe(VIEWER);
    expect(read(restTestInvokeEvent()).sourceIp).toBe('test-invoke-source-ip');
    expect(read(restEvent({ requestContext: { identity: null } })).sourceIp).toBe('0.0.0.0');
  });
});

describe('headers', () => {
  it('keep every value of a repeated header, in order, in the client’s spelling', () => {
    const event = restEvent(
      restHeaders([
        ['X-Tag', 'a'],
        ['accept', '*/*'],
        ['X-Tag', 'b,c'],
      ]),
    );
    expect(read(event).headers).toEqual([
      ['X-Tag', 'a'],
      ['X-Tag', 'b,c'],
      ['accept', '*/*'],
    ]);
  });

  it('of payload 2.0 get their cookies back as one header', () => {
    expect(read(httpEvent()).headers).toContainEqual(['cookie', 'session=abc; theme=dark']);
    const none = read(httpEvent({ cookies: undefined }));
    expect(none.headers.some(([name]) => name === 'cookie')).toBe(false);
  });

  it('lose only those that API Gateway added for transport', () => {
    const names = (event: unknown): string[] => read(event).headers.map(([name]) => name);
    expect(names(restEvent())).toEqual(['accept', 'authorization', 'Host', 'User-Agent', 'X-Forwarded-For']);
    expect(names(httpEvent())).toEqual([
      'accept',
      'authorization',
      'content-length',
      'host',
      'user-agent',
      'x-forwarded-for',
      'cookie',
    ]);
    expect(names(restEdgeEvent())).toEqual(expect.arrayContaining(['Via', 'CloudFront-Viewer-Country', 'X-Amz-Cf-Id']));
    const odd = restHeaders([
      ['x-AMZN-trace-ID', 'x'],
      ['X-Forwarded-PORT', '1'],
      ['X-Forwarded-Proto', 'http'],
      ['X-Amzn-Other', 'y'],
    ]);
    expect(names(restEvent(odd))).toEqual(['X-Amzn-Other']);
  });

  it('are taken from the single-value map if the multi-value map lacks them', () => {
    const event = restEvent({ multiValueHeaders: { A: ['1', '2'] }, headers: { A: '2', B: '3' } });
    expect(read(event).headers).toEqual([
      ['A', '1'],
      ['A', '2'],
      ['B', '3'],
    ]);
  });

  it('may have the name of a member of every object', () => {
    const headers = JSON.parse('{"host":"x","__proto__":"y","constructor":"z"}') as unknown;
    expect(read(httpEvent({ headers, cookies: undefined })).headers).toEqual([
      ['host', 'x'],
      ['__proto__', 'y'],
      ['constructor', 'z'],
    ]);
  });

  it('keep the bearer token unchanged', () => {
    for (const event of [restEvent(), httpEvent(), httpV1Event()]) {
      expect(read(event).headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1]).toBe(BEARER);
    }
    const odd = httpHeaders([['Authorization', ' Bearer  x ']]);
    expect(read(httpEvent(odd)).headers).toContainEqual(['authorization', ' Bearer  x ']);
  });
});

describe('a client certificate', () => {
  it('is found in each kind of event', () => {
    const holder = { clientCert: clientCert(PEM) };
    expect(read(restEvent({ requestContext: { identity: holder } })).clientCertificatePem).toBe(PEM);
    expect(read(httpV1Event({ requestContext: { identity: holder } })).clientCertificatePem).toBe(PEM);
    expect(read(httpEvent({ requestContext: { authentication: holder } })).clientCertificatePem).toBe(PEM);
  });

  it('may be null, but must not lack its PEM', async () => {
    expect(
      read(httpEvent({ requestContext: { authentication: { clientCert: null } } })).clientCertificatePem,
    ).toBeUndefined();
    for (const clientCert of ['x', {}, { clientCertPem: 1 }]) {
      const fault = await faultOf(() => read(httpEvent({ requestContext: { authentication: { clientCert } } })));
      expect(fault.message).toBe('INVALID_REQUEST: the event has a client certificate without its PEM');
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['requestContext', restEvent({ requestContext: 'canary-value' })],
    ['method', restEvent({ httpMethod: 'canary value' })],
    ['headers', httpEvent({ headers: 'canary-value' })],
    ['cookies', httpEvent({ cookies: 'canary-value' })],
    ['multiValueHeaders', restEvent({ multiValueHeaders: { a: 'canary-value' } })],
    ['rawQueryString', httpEvent({ rawQueryString: ['canary-value'] })],
    ['rawPath', httpEvent({ rawPath: ['canary-value'] })],
  ])('names the field %s and never its value', async (name, event) => {
    const fault = await faultOf(() => read(event));
    expect(fault).toMatchObject({ code: 'INVALID_REQUEST', unhealthy: false, retryable: false });
    expect(fault.message).toContain(name);
    expect(fault.message).not.toContain('canary');
  });

  it('is the answer to every event whose envelope is no authorizer request', async () => {
    for (const event of [{ type: 'TOKEN' }, null]) {
      expect((await faultOf(() => read(event))).message).toBe(
        'INVALID_REQUEST: the event is not an API Gateway REQUEST authorizer event',
      );
    }
  });
});
