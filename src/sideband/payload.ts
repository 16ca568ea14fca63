/** AccessRequest -> SidebandRequest: what Ping's service is asked. */
import { X509Certificate } from 'node:crypto';
import { AuthorizerError } from '../domain/errors.ts';
import type { AccessRequest } from '../domain/request.ts';
import type { ClientCertificate, SidebandRequest } from './wire.ts';

/** Keys that JWK cannot express (DSA, Ed448 on some builds) are sent as the certificate alone. */
const publicJwk = (certificate: X509Certificate): Readonly<Record<string, unknown>> => {
  try {
    return { ...certificate.publicKey.export({ format: 'jwk' }) };
  } catch {
    return {};
  }
};

const clientCertificate = (pem: string): ClientCertificate => {
  try {
    const certificate = new X509Certificate(pem);
    return { ...publicJwk(certificate), x5c: [certificate.raw.toString('base64')] };
  } catch (cause) {
    throw new AuthorizerError('INVALID_REQUEST', {
      detail: "the event's client certificate is not an X.509 PEM",
      cause,
    });
  }
};

/**
 * Builds the payload. The token stays in its header: a body `access_token` would be trusted unchecked.
 * @param sourcePort one of this attempt's own: AWS tells no client port, and the echo of ours tells attempts apart.
 * @throws AuthorizerError `INVALID_REQUEST` where the client certificate cannot be read.
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
