/** Certificates made at run time: a test CA, good and bad server leaves, and client certificates for mTLS events. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateRequest, type Issuer, issueCertificate } from './certificate.ts';

/** What a TLS server needs. Private keys stay in memory. */
export interface TlsMaterial {
  readonly keyPem: string;
  readonly certPem: string;
}

export interface TlsMaterials {
  readonly caPem: string;
  /** A file that holds the CA, for `NODE_EXTRA_CA_CERTS`. It is removed when the process ends. */
  readonly caFile: string;
  /** For localhost and 127.0.0.1, signed by the CA. */
  readonly good: TlsMaterial;
  /** Valid, except that it signed itself. */
  readonly selfSigned: TlsMaterial;
  /** Valid, except that it expired yesterday. */
  readonly expired: TlsMaterial;
  /** Valid, except that it begins tomorrow. */
  readonly notYetValid: TlsMaterial;
  /** Signed by the CA, for another host. */
  readonly wrongName: TlsMaterial;
  /** Valid, except that an untrusted CA of the same name signed it. */
  readonly untrustedIssuer: TlsMaterial;
}

/** mTLS client certificates in the form of API Gateway's events. */
export interface ClientCertificates {
  readonly rsaPem: string;
  readonly ecPem: string;
}

const CA_NAME = 'pingone-lambda-authorizer test CA';
const DAY_MS = 86_400_000;
const LOOPBACK = ['localhost', '127.0.0.1'];

const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS);
const ecKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const newCa = (): { readonly issuer: Issuer; readonly pem: string } => {
  const key = ecKey();
  const pem = issueCertificate({
    subject: CA_NAME,
    key,
    usage: 'ca',
    notBefore: daysFromNow(-30),
    notAfter: daysFromNow(30),
  });
  return { issuer: { name: CA_NAME, key }, pem };
};

const leaf = (request: Partial<CertificateRequest>): TlsMaterial => {
  const key = ecKey();
  const certPem = issueCertificate({
    subject: 'localhost',
    key,
    usage: 'server',
    names: LOOPBACK,
    notBefore: daysFromNow(-7),
    notAfter: daysFromNow(25),
    ...request,
  });
  return { keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), certPem };
};

const writeCaFile = (pem: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'authorizer-test-ca-'));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, pem);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return file;
};

const makeTlsMaterials = (): TlsMaterials => {
  const { issuer, pem } = newCa();
  return {
    caPem: pem,
    caFile: writeCaFile(pem),
    good: leaf({ issuer }),
    selfSigned: leaf({}),
    expired: leaf({ issuer, notAfter: daysFromNow(-1) }),
    notYetValid: leaf({ issuer, notBefore: daysFromNow(1) }),
    wrongName: leaf({ issuer, subject: 'pdp.example.org', names: ['pdp.example.org'] }),
    untrustedIssuer: leaf({ issuer: newCa().issuer }),
  };
};

const makeClientCertificates = (): ClientCertificates => {
  const { issuer } = newCa();
  const client = (key: KeyObject): string =>
    issueCertificate({
      subject: 'client.example.org',
      key,
      issuer,
      usage: 'client',
      notBefore: daysFromNow(-7),
      notAfter: daysFromNow(7),
    });
  return {
    rsaPem: client(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ecPem: client(ecKey()),
  };
};

let materials: TlsMaterials | undefined;
let clients: ClientCertificates | undefined;

/** The certificates of this process, made at the first call. */
export const tlsMaterials = (): TlsMaterials => {
  materials ??= makeTlsMaterials();
  return materials;
};

/** The client certificates of this process, made at the first call. */
export const clientCertificates = (): ClientCertificates => {
  clients ??= makeClientCertificates();
  return clients;
};
