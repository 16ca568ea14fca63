/** The sideband protocol's own field names, as types. Source: facts/sideband-protocol.md sections 1 and 2. */

/** Where Ping's service listens below the service URL. */
export const SIDEBAND_PATH = '/sideband/request';

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
}
