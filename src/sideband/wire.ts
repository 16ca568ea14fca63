/** The sideband protocol's own field names, as types. */

/** Where Ping's service listens below the service URL. */
export const SIDEBAND_PATH = '/sideband/request';

/** The ephemeral ports of RFC 6335, as a client's own port would be. */
const FIRST_SOURCE_PORT = 49_152;
const SOURCE_PORTS = 16_384;

/** The source port that an attempt names, drawn by a chance in [0, 1). */
export const sourcePortOf = (chance: number): number => FIRST_SOURCE_PORT + Math.floor(chance * SOURCE_PORTS);

/** Whether an attempt of ours could have named this port. */
export const isSourcePort = (port: number): boolean =>
  port >= FIRST_SOURCE_PORT && port < FIRST_SOURCE_PORT + SOURCE_PORTS;

/** One header line: an object with the name as its single key. */
export type SidebandHeader = Readonly<Record<string, string>>;

/** The client's public key as a JWK with the certificate itself in `x5c` (standard base64 DER). */
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

/** What came back over HTTP, before anybody judged it. */
export interface SidebandReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; undefined where it did not arrive whole or was larger than allowed. */
  readonly body: Uint8Array | undefined;
  /** Ends the connection that it came on, for a reply which shows that requests and replies there no longer match. */
  readonly endConnection?: () => void;
}
