/** mTLS client certificates in the form of API Gateway's events, made when this file is loaded. */
import { issueCertificate } from './certificate.ts';

const issuer = await issueCertificate({ subject: 'client CA', usage: 'ca', days: [-30, 30] });

const clientPem = async (key: 'rsa' | 'ec'): Promise<string> => {
  const subject = 'client.example.org';
  return (await issueCertificate({ subject, issuer, usage: 'clientAuth', key, days: [-7, 7] })).certPem;
};

/** On a curve for which JWK has no name, nor Web Crypto a key: issued once, by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp224r1`. */
const secp224Pem = `-----BEGIN CERTIFICATE-----
MIIBfTCCASqgAwIBAgIUVJ6yE4FeC5CKG6bJTuSpt2IlfjUwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSY2xpZW50LmV4YW1wbGUub3JnMB4XDTI2MTEyNjIwNDY1NVoX
DTM2MTEyMzIwNDY1NVowHTEbMBkGA1UEAwwSY2xpZW50LmV4YW1wbGUub3JnME4w
EAYHKoZIzj0CAQYFK4EEACEDOgAEHqBtJLfkV6s+8F3Rp9S46X+fnnNSo54GzCh7
4jYRl9C9+qB3/iz1Qbu4efXOoPT1XTWFhyb/hOGjUzBRMB0GA1UdDgQWBBQ4DiIj
N0TUMRKrK2kF9TvIyt23/jAfBgNVHSMEGDAWgBQ4DiIjN0TUMRKrK2kF9TvIyt23
/jAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0EAMD4CHQCGBfhV1C8vuvXv
JT14jPAcfcIdz6vLn9UY1GhXAh0AjNqzUWA5hEj4h2ytGyQsEYA8uwTL4H+7xEv8
Eg==
-----END CERTIFICATE-----
`;

export const clientCertificates = { rsaPem: await clientPem('rsa'), ecPem: await clientPem('ec'), secp224Pem };
