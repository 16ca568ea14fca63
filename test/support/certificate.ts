/** Issues X.509 v3 certificates for tests out of node:crypto keys; nothing here is fit for production. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bitString,
  boolean,
  context,
  integer,
  octetString,
  oid,
  primitive,
  sequence,
  set,
  utcTime,
  utf8String,
} from './der.ts';

/** Who signs: the subject name of the issuer and its private key. */
export interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

export interface CertificateRequest {
  readonly subject: string;
  readonly key: KeyObject;
  /** Left out: the certificate signs itself. */
  readonly issuer?: Issuer;
  readonly usage: 'ca' | 'server' | 'client';
  /** DNS names and IPv4 addresses. */
  readonly names?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const distinguishedName = (commonName: string): Buffer =>
  sequence(set(sequence(oid('2.5.4.3'), utf8String(commonName))));

const signatureAlgorithm = (key: KeyObject): Buffer =>
  key.asymmetricKeyType === 'rsa'
    ? sequence(oid('1.2.840.113549.1.1.11'), Buffer.from([0x05, 0x00]))
    : sequence(oid('1.2.840.10045.4.3.2'));

const alternativeName = (name: string): Buffer =>
  isIPv4(name) ? primitive(7, Buffer.from(name.split('.').map(Number))) : primitive(2, Buffer.from(name));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  critical ? sequence(oid(id), boolean(true), octetString(value)) : sequence(oid(id), octetString(value));

const keyId = (publicKeyInfo: Buffer): Buffer => createHash('sha1').update(publicKeyInfo).digest();

const extensions = (request: CertificateRequest, publicKeyInfo: Buffer, issuerKeyInfo: Buffer): Buffer => {
  const ca = request.usage === 'ca';
  const purpose = request.usage === 'client' ? '1.3.6.1.5.5.7.3.2' : '1.3.6.1.5.5.7.3.1';
  const names = request.names ?? [];
  return sequence(
    extension('2.5.29.19', true, ca ? sequence(boolean(true)) : sequence()),
    extension('2.5.29.15', true, ca ? bitString(Buffer.from([0x06]), 1) : bitString(Buffer.from([0x80]), 7)),
    extension('2.5.29.14', false, octetString(keyId(publicKeyInfo))),
    extension('2.5.29.35', false, sequence(primitive(0, keyId(issuerKeyInfo)))),
    ...(ca ? [] : [extension('2.5.29.37', false, sequence(oid(purpose)))]),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...names.map(alternativeName)))]),
  );
};

const publicKeyInfoOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** Signs one certificate and returns it as PEM, after node's own parser has accepted it. */
export const issueCertificate = (request: CertificateRequest): string => {
  const issuer = request.issuer ?? { name: request.subject, key: request.key };
  const publicKeyInfo = publicKeyInfoOf(request.key);
  const algorithm = signatureAlgorithm(issuer.key);
  const serial = randomBytes(15);
  // A leading zero byte would not be minimal DER.
  serial.writeUInt8(0x01, 0);
  const toBeSigned = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    distinguishedName(issuer.name),
    sequence(utcTime(request.notBefore), utcTime(request.notAfter)),
    distinguishedName(request.subject),
    publicKeyInfo,
    context(3, extensions(request, publicKeyInfo, publicKeyInfoOf(issuer.key))),
  );
  const signature = sign('sha256', toBeSigned, issuer.key);
  return new X509Certificate(sequence(toBeSigned, algorithm, bitString(signature))).toString();
};
