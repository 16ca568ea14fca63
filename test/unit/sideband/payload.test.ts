/** Rules for the payload that PingOne gets. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../../src/domain/request.ts';
import { toSideband } from '../../../src/sideband/payload.ts';
import { clientCertificates } from '../../support/client-certificates.ts';
import { sidebandViolations } from '../../support/sideband-answers.ts';
import { faultOf } from '../faults.ts';

const PORT = 50_123;
const REQUEST: AccessRequest = {
  kind: 'rest',
  method: 'GET',
  url: 'https://api.example.org/a?b=c',
  headers: [
    ['Accept', '*/*'],
    ['X-Tag', 'a'],
    ['X-Tag', 'b'],
    ['Authorization', 'Bearer x'],
  ],
  sourceIp: '192.0.2.1',
};

describe('the payload', () => {
  it('has exactly the protocol’s members, with one single-key object for each header line, in order', () => {
    expect(toSideband(REQUEST, PORT)).toEqual({
      source_ip: '192.0.2.1',
      source_port: PORT,
      method: 'GET',
      url: 'https://api.example.org/a?b=c',
      http_version: '1.1',
      headers: [{ Accept: '*/*' }, { 'X-Tag': 'a' }, { 'X-Tag': 'b' }, { Authorization: 'Bearer x' }],
    });
    expect(sidebandViolations(toSideband(REQUEST, PORT))).toEqual([]);
  });

  it('never holds an access_token, which PingOne would trust, nor a body that API Gateway did not send', () => {
    expect(Object.keys(toSideband(REQUEST, PORT))).not.toEqual(expect.arrayContaining(['access_token']));
    expect(toSideband(REQUEST, PORT)).not.toHaveProperty('body');
  });

  it('has the body if the policy is to see it', () => {
    expect(toSideband({ ...REQUEST, body: 'a=b' }, PORT)).toMatchObject({ body: 'a=b' });
    expect(toSideband({ ...REQUEST, body: '' }, PORT)).toMatchObject({ body: '' });
  });

  it('keeps a header that is named like a member of every object', () => {
    const headers: AccessRequest['headers'] = [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ];
    const { headers: sent } = toSideband({ ...REQUEST, headers }, PORT);
    expect(JSON.stringify(sent)).toBe('[{"__proto__":"x"},{"constructor":"y"}]');
  });
});

describe('a client certificate', () => {
  it.each(['rsaPem', 'ecPem'] as const)(
    'becomes a JWK of only the public key, with the certificate in x5c: %s',
    kind => {
      const pem = clientCertificates[kind];
      const { client_certificate: jwk } = toSideband({ ...REQUEST, clientCertificatePem: pem }, PORT);
      const certificate = new X509Certificate(pem);
      expect(jwk).toEqual({
        ...certificate.publicKey.export({ format: 'jwk' }),
        x5c: [certificate.raw.toString('base64')],
      });
      for (const secret of ['d', 'p', 'q', 'k']) expect(jwk).not.toHaveProperty(secret);
      expect(jwk?.['kty']).toBe(kind === 'rsaPem' ? 'RSA' : 'EC');
    },
  );

  it('is sent without its key if JWK has no form for the key', () => {
    const pem = clientCertificates.secp224Pem;
    expect(toSideband({ ...REQUEST, clientCertificatePem: pem }, PORT).client_certificate).toEqual({
      x5c: [new X509Certificate(pem).raw.toString('base64')],
    });
  });

  it('that cannot be read is refused, and the error’s message does not quote it', async () => {
    for (const pem of ['not a PEM canary', '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----', '']) {
      const fault = await faultOf(() => toSideband({ ...REQUEST, clientCertificatePem: pem }, PORT));
      expect(fault).toMatchObject({
        code: 'INVALID_REQUEST',
        message: "INVALID_REQUEST: the event's client certificate is not an X.509 PEM",
        cause: expect.any(Error),
      });
    }
  });
});
