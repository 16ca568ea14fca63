/** AccessRequest -> SidebandRequest, the payload for Ping's service. */
import { X509Certificate } from 'node:crypto';
import { AuthorizerError } from '../domain/errors.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { ClientCertificate, SidebandRequest } from './wire.ts';

/**
 * Builds the payload. The token stays in its header, because PingOne trusts a member `access_token` without checking it.
 * @param sourcePort drawn for this attempt. AWS does not reveal the client's port, and PingOne's echo of ours tells attempts apart.
 * @throws AuthorizerError `INVALID_REQUEST` if the client certificate cannot be read.
 */
export const toSideband = (request: AccessRequest, sourcePort: number): SidebandRequest => ({
  source_ip: request.sourceIp,
  source_port: sourcePort,
  method: request.method,
  url: request.url,
  http_version: '1.1',
  headers: request.headers.map(([name, value]) => ({ [name]: value })),
  ...(request.body === undefined ? {} : { body: request.body }),
  ...(request.clientCertificatePem === undefined
    ? {}
    : { client_certificate: clientCertificate(request.clientCertificatePem) }),
});

function clientCertificate(pem: string): ClientCertificate {
  try {
    const certificate = new X509Certificate(pem);
    return { ...publicJwk(certificate), x5c: [certificate.raw.toString('base64')] };
  } catch (cause) {
    throw new AuthorizerError('INVALID_REQUEST', {
      detail: "the event's client certificate is not an X.509 PEM",
      cause,
    });
  }
}

/** Empty for a key that JWK cannot express (DSA, Ed448 on some builds): then only the certificate is sent. */
function publicJwk(certificate: X509Certificate): Readonly<Record<string, unknown>> {
  try {
    return { ...certificate.publicKey.export({ format: 'jwk' }) };
  } catch {
    return {};
  }
}
