/** The sideband protocol's field names as types, and the source port that binds a reply to its attempt. */

/** The path of Ping's service below the service URL. */
export const SIDEBAND_PATH = '/sideband/request';

/** The ephemeral ports of RFC 6335, the range that a client's port would come from. */
const FIRST_SOURCE_PORT = 49_152;
const SOURCE_PORTS = 16_384;

/** The source port that an attempt sends. @param chance uniform in [0, 1). */
export const sourcePortOf = (chance: number): number => FIRST_SOURCE_PORT + Math.floor(chance * SOURCE_PORTS);

/** Whether an attempt of ours could have sent this port. */
export const isSourcePort = (port: number): boolean =>
  port >= FIRST_SOURCE_PORT && port < FIRST_SOURCE_PORT + SOURCE_PORTS;

/** One header line: an object with the name as its single key. */
export type SidebandHeader = Readonly<Record<string, string>>;

/** The client's public key as a JWK, with the certificate itself in `x5c` (DER in standard base64). */
export interface ClientCertificate {
  readonly x5c: readonly [string];
  readonly [member: string]: unknown;
}

export interface SidebandRequest {
  readonly source_ip: string;
  readonly source_port: number;
  readonly method: string;
  readonly url: string;
  readonly http_version: '1.1';
  readonly headers: readonly SidebandHeader[];
  readonly body?: string;
  readonly client_certificate?: ClientCertificate;
}

/** PingOne's HTTP reply, not yet judged. */
export interface SidebandReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; undefined if it did not arrive whole or was larger than allowed. */
  readonly body: Uint8Array | undefined;
  /** Closes the reply's connection, for a reply which shows that requests and replies on it no longer match. */
  readonly endConnection?: () => void;
}
