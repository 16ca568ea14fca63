/** Issues X.509 certificates for tests, each for a new key; nothing here is fit for production. */
import 'reflect-metadata';
import { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  GeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface IssuedCertificate {
  readonly subject: string;
  readonly keys: CryptoKeyPair;
  readonly keyPem: string;
  readonly certPem: string;
}

export interface CertificateRequest {
  /** The common name. */
  readonly subject: string;
  /** Left out: the certificate signs itself. */
  readonly issuer?: IssuedCertificate;
  readonly usage: 'ca' | 'serverAuth' | 'clientAuth';
  /** DNS names and IP addresses. */
  readonly names?: readonly string[];
  /** Left out: EC. */
  readonly key?: keyof typeof KEYS;
  /** When its validity begins and ends, in days from now. */
  readonly days: readonly [begin: number, end: number];
}

const DAY_MS = 86_400_000;
const KEYS = {
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
};

const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS);

const alternativeName = (name: string): GeneralName => new GeneralName(isIP(name) === 0 ? 'dns' : 'ip', name);

/** Makes a key and its certificate. */
export const issueCertificate = async (request: CertificateRequest): Promise<IssuedCertificate> => {
  const { subject, usage, names = [], key = 'ec', days } = request;
  const keys = await crypto.subtle.generateKey(KEYS[key], true, ['sign', 'verify']);
  const issuer = request.issuer ?? { subject, keys };
  const ca = usage === 'ca';
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${subject}`,
    issuer: `CN=${issuer.subject}`,
    notBefore: daysFromNow(days[0]),
    notAfter: daysFromNow(days[1]),
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(ca, undefined, true),
      new KeyUsagesExtension(ca ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      // By this a client tells the trusted CA from another of the same name.
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...(ca ? [] : [new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage]])]),
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names.map(alternativeName))]),
    ],
  });
  const keyPem = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { subject, keys, keyPem, certPem: certificate.toString('pem') };
};
