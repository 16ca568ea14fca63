/** What goes wrong with TLS: nothing but a certificate that can be verified gets the credential. */
import type { Certificate, Fault } from './fault.ts';

const unverifiable = (
  title: string,
  certificate: Certificate,
  { env = {}, trusted }: Pick<Fault, 'env' | 'trusted'> = {},
): Fault => ({
  title: `the certificate is ${title}`,
  line: 'certificate',
  over: ['https'],
  certificate,
  env,
  ...(trusted === undefined ? {} : { trusted }),
  gets: 'PDP_UNREACHABLE',
  status: 503,
  bound: 'at once',
  attempts: 2,
  calls: 0,
  sockets: 0,
  next: 'PDP_UNREACHABLE',
});

const UNVERIFIED = { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } };

const oldTls = (tlsVersion: 'TLSv1' | 'TLSv1.1'): Fault => ({
  title: `PingOne speaks only ${tlsVersion}`,
  line: 'oldTls',
  over: ['https'],
  tlsVersion,
  // Node would agree to it when asked: it is the authorizer that refuses.
  env: { NODE_OPTIONS: `--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0` },
  gets: 'PDP_UNREACHABLE',
  status: 503,
  bound: 'at once',
  attempts: 2,
  calls: 0,
  sockets: 0,
  next: 'PDP_UNREACHABLE',
});

const modern = (tlsVersion: 'TLSv1.2' | 'TLSv1.3'): Fault => ({
  title: `PingOne speaks ${tlsVersion}`,
  over: ['https'],
  tlsVersion,
  gets: 'PERMIT',
  bound: 'at once',
  attempts: 1,
  sockets: 1,
});

export const TLS_FAULTS: readonly Fault[] = [
  unverifiable('self-signed', 'selfSigned'),
  unverifiable('expired', 'expired'),
  unverifiable('not yet valid', 'notYetValid'),
  unverifiable('for another name', 'wrongName'),
  unverifiable('by a CA of the same name that nobody trusts', 'untrustedIssuer'),
  unverifiable('good, but by a CA that the function does not know', 'good', { trusted: false }),
  unverifiable('self-signed, NODE_TLS_REJECT_UNAUTHORIZED=0', 'selfSigned', UNVERIFIED),
  unverifiable('expired, NODE_TLS_REJECT_UNAUTHORIZED=0', 'expired', UNVERIFIED),
  unverifiable('for another name, NODE_TLS_REJECT_UNAUTHORIZED=0', 'wrongName', UNVERIFIED),
  oldTls('TLSv1'),
  oldTls('TLSv1.1'),
  modern('TLSv1.2'),
  modern('TLSv1.3'),
];
