/** The TLS material of this process, made when this file is loaded: a test CA, good and bad server certificates. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateRequest, type IssuedCertificate, issueCertificate } from './certificate.ts';

/** What a TLS server needs. Private keys stay in memory. */
export type TlsMaterial = Pick<IssuedCertificate, 'keyPem' | 'certPem'>;

export type TlsMaterials = typeof tlsMaterials;

const issueCa = (): Promise<IssuedCertificate> =>
  issueCertificate({ subject: 'pingone-lambda-authorizer test CA', usage: 'ca', days: [-30, 30] });

const leaf = (request: Partial<CertificateRequest>): Promise<TlsMaterial> =>
  issueCertificate({
    subject: 'localhost',
    usage: 'serverAuth',
    names: ['localhost', '127.0.0.1'],
    days: [-7, 25],
    ...request,
  });

const writeCaFile = (pem: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'authorizer-test-ca-'));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, pem);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return file;
};

const issuer = await issueCa();

export const tlsMaterials = {
  caPem: issuer.certPem,
  /** A file that holds the CA, for `NODE_EXTRA_CA_CERTS`. It is removed when the process ends. */
  caFile: writeCaFile(issuer.certPem),
  /** For localhost and 127.0.0.1, signed by the CA. */
  good: await leaf({ issuer }),
  /** Valid, except that it signed itself. */
  selfSigned: await leaf({}),
  /** Valid, except that it expired yesterday. */
  expired: await leaf({ issuer, days: [-7, -1] }),
  /** Valid, except that it begins tomorrow. */
  notYetValid: await leaf({ issuer, days: [1, 25] }),
  /** Signed by the CA, for another host. */
  wrongName: await leaf({ issuer, subject: 'pdp.example.org', names: ['pdp.example.org'] }),
  /** Valid, except that an untrusted CA of the same name signed it. */
  untrustedIssuer: await leaf({ issuer: await issueCa() }),
};
