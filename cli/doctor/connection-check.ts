/** The way to the Service URL step by step, each with its time: DNS, TCP, TLS handshake, certificate. */
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { type Finding, fail, isSound, ok, skipped, warn } from './finding.ts';

export const CONNECTION_CHECKS = ['DNS', 'TCP', 'TLS handshake', 'certificate'];

/** Stops at the first step that fails; the later ones are skipped. */
export const connectionFindings = async (config: AuthorizerConfig, clock: Clock): Promise<readonly Finding[]> => {
  const { hostname, port, protocol } = config.transport.serviceUrl;
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(port || (secure ? 443 : 80)), limitMs: config.pool.connectTimeoutMs };
  const findings: Finding[] = [await dns(host, clock)];
  if (isSound(findings)) findings.push(await tcp(to, clock));
  if (isSound(findings)) findings.push(...(secure ? await tls(to, clock) : NO_TLS));
  const reached = findings.at(-1)?.check ?? '';
  const later = CONNECTION_CHECKS.slice(findings.length);
  return [...findings, ...later.map(check => skipped(check, `${reached} failed`))];
};

interface Target {
  readonly host: string;
  readonly port: number;
  readonly limitMs: number;
}

const NO_TLS = ['TLS handshake', 'certificate'].map(check =>
  skipped(check, 'the Service URL is http:, on this machine'),
);
const DAY_MS = 86_400_000;
/** Certificates are renewed weeks ahead; one that was not is probably forgotten. */
const SOON_DAYS = 14;

async function dns(host: string, clock: Clock): Promise<Finding> {
  if (isIP(host) !== 0) return ok('DNS', 'not needed: the Service URL holds an address');
  const started = clock.elapsed();
  try {
    const addresses = await lookup(host, { all: true });
    return ok(
      'DNS',
      `${addresses.length} ${addresses.length === 1 ? 'address' : 'addresses'}`,
      clock.elapsed() - started,
    );
  } catch (error) {
    return fail(
      'DNS',
      `the host of the Service URL has no address: ${codeOf(error)}`,
      'Correct the host in PINGONE_SERVICE_URL; in a VPC, its DNS and its way out.',
    );
  }
}

async function tcp({ host, port, limitMs }: Target, clock: Clock): Promise<Finding> {
  const started = clock.elapsed();
  const socket = connect({ host, port });
  const problem = await settled(socket, 'connect', limitMs, clock);
  socket.destroy();
  if (problem === undefined) return ok('TCP', `port ${port}`, clock.elapsed() - started);
  return fail(
    'TCP',
    `port ${port} cannot be connected: ${problem}`,
    `Open the way to port ${port}: security group, NAT, firewall.`,
  );
}

/** Certificates are judged afterwards, so that handshake and certificate have a line each; nothing is sent meanwhile. */
async function tls({ host, port, limitMs }: Target, clock: Clock): Promise<readonly Finding[]> {
  const started = clock.elapsed();
  const servername = isIP(host) === 0 ? host : '';
  const socket = tlsConnect({ host, port, servername, minVersion: 'TLSv1.2', rejectUnauthorized: false });
  const problem = await settled(socket, 'secureConnect', limitMs, clock);
  const ms = clock.elapsed() - started;
  try {
    if (problem !== undefined) {
      return [
        fail(
          'TLS handshake',
          `did not succeed: ${problem}`,
          'Let the port speak TLS 1.2 or 1.3, with no proxy that ends it.',
        ),
      ];
    }
    return [ok('TLS handshake', socket.getProtocol() ?? 'TLS', ms), certificate(socket, clock.now())];
  } finally {
    socket.destroy();
  }
}

function certificate(socket: TLSSocket, now: number): Finding {
  if (!socket.authorized) {
    const code = String(socket.authorizationError);
    return fail('certificate', `not trusted: ${code}`, REMEDIES[code] ?? UNKNOWN_AUTHORITY);
  }
  const days = Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - now) / DAY_MS);
  return days < SOON_DAYS
    ? warn('certificate', `trusted, but only for ${days} more days`, 'Have whoever runs the service renew it.')
    : ok('certificate', `trusted, for ${days} more days`);
}

const UNKNOWN_AUTHORITY =
  'If it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS, here and in the function; else something between reads along.';
const REMEDIES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'Renew the certificate of the service; if it was renewed, set the clock of this machine.',
  CERT_NOT_YET_VALID: 'Set the clock of this machine, or wait until the certificate is valid.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use in PINGONE_SERVICE_URL a name that is in the certificate.',
};

/** Undefined once the event came; else the error's code. */
function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  limitMs: number,
  clock: Clock,
): Promise<string | undefined> {
  return new Promise(resolve => {
    const cancel = clock.after(limitMs, () => resolve(`nothing within ${limitMs} ms (PINGONE_CONNECT_TIMEOUT_MS)`));
    const end = (problem?: string): void => {
      cancel();
      resolve(problem);
    };
    socket.once(event, () => end());
    socket.on('error', error => end(codeOf(error)));
    socket.once('close', () => end('the connection was closed'));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
