/** The certificates are what their names say, judged by Node's own TLS client. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { clientCertificates } from '../../support/client-certificates.ts';
import { startFakePdp } from '../../support/fake-pdp.ts';
import type { TlsServing } from '../../support/listener.ts';
import { tlsMaterials } from '../../support/tls.ts';

const handshake = async (tls: TlsServing, host: 'localhost' | '127.0.0.1'): Promise<unknown> => {
  const pdp = await startFakePdp({ tls, host });
  try {
    return await new Promise((resolve, reject) => {
      const options = { ca: readFileSync(tlsMaterials.caFile), agent: false };
      get(pdp.url, options, reply => resolve(reply.resume().statusCode)).once('error', reject);
    });
  } finally {
    await pdp.close();
  }
};

describe('server certificates', () => {
  it.each(['localhost', '127.0.0.1'] as const)('the good one is good for %s', async host => {
    expect(await handshake(tlsMaterials.good, host)).toBe(404);
  });

  it.each([
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['notYetValid', 'CERT_NOT_YET_VALID'],
    ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['untrustedIssuer', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s is refused with %s', async (name, code) => {
    await expect(handshake(tlsMaterials[name], 'localhost')).rejects.toMatchObject({ code });
  });

  it('a server that speaks an old TLS version only is refused', async () => {
    await expect(handshake({ ...tlsMaterials.good, version: 'TLSv1.1' }, 'localhost')).rejects.toMatchObject({
      code: expect.stringMatching(/EPROTO|PROTOCOL_VERSION/),
    });
    expect(await handshake({ ...tlsMaterials.good, version: 'TLSv1.2' }, 'localhost')).toBe(404);
  });
});

describe('client certificates', () => {
  it('come as RSA and as EC, in PEM', () => {
    const { rsaPem, ecPem } = clientCertificates;
    expect(new X509Certificate(rsaPem).publicKey.asymmetricKeyType).toBe('rsa');
    expect(new X509Certificate(ecPem).publicKey.asymmetricKeyType).toBe('ec');
  });
});
