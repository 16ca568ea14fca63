/** The fake PDP's behaviours as data: answers, faulty ways to deliver an answer, and plain wire faults. */

/** One header line. */
export type HeaderLine = readonly [name: string, value: string];

/** Changes that a permit makes to the request that it echoes. */
export interface EchoEdits {
  /** Replaces every line of that name, or adds one. */
  readonly set?: readonly HeaderLine[];
  /** Adds a line and keeps the existing ones. */
  readonly add?: readonly HeaderLine[];
  readonly remove?: readonly string[];
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  readonly state?: unknown;
}

/** HTTP 200 without `response`: the echo. */
export interface PermitAnswer {
  readonly kind: 'permit';
  readonly edits?: EchoEdits;
  /** Headers of the reply itself, such as `Correlation-Id`. */
  readonly headers?: readonly HeaderLine[];
}

/** HTTP 200 with the echo and a `response`. */
export interface DenyAnswer {
  readonly kind: 'deny';
  /** `response_code`; `'403'` unless given, left out when null. */
  readonly code?: string | number | null;
  readonly statusText?: string;
  /** Headers of the response for the client; the member is left out when null. */
  readonly headers?: readonly HeaderLine[] | null;
  readonly body?: string;
  /** Headers of the reply itself, such as `Correlation-Id`. */
  readonly replyHeaders?: readonly HeaderLine[];
}

/** Any HTTP answer. Without a body it has the perfect echo, which another status must not turn into a permit. */
export interface ReplyAnswer {
  readonly kind: 'reply';
  readonly status: number;
  readonly headers?: readonly HeaderLine[];
  readonly body?: string | Buffer;
}

export type Answer = PermitAnswer | DenyAnswer | ReplyAnswer;

/** The answer of a delivery that names none. It is a permit, so that a client that accepts the faulty delivery is caught. */
interface Delivered {
  readonly answer?: Answer;
}

/** An answer that arrives in an unusual or faulty way. Byte counts default to half of the answer. */
export type Delivery =
  /** Content-Length promises the whole body; the connection ends early, cleanly. */
  | (Delivered & { readonly kind: 'truncate'; readonly afterBytes?: number })
  /** The connection is reset inside the head, inside the body. */
  | (Delivered & { readonly kind: 'resetMidHead'; readonly afterBytes?: number })
  | (Delivered & { readonly kind: 'resetMidBody'; readonly afterBytes?: number })
  /** The body stops arriving and the connection stays open. */
  | (Delivered & { readonly kind: 'stallBody'; readonly afterBytes?: number })
  /** Head and body arrive in pieces of so many bytes every so many milliseconds. */
  | (Delivered & { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number })
  /** Chunked transfer coding; unfinished means that the last chunk never comes and the connection ends. */
  | (Delivered & { readonly kind: 'chunked'; readonly chunkBytes?: number; readonly unfinished?: boolean })
  /** Announces `Keep-Alive: timeout=<seconds>`. */
  | (Delivered & { readonly kind: 'keepAliveHint'; readonly seconds: number })
  /** Closes the connection after it was idle for so long. */
  | (Delivered & { readonly kind: 'closeAfterIdle'; readonly ms: number })
  /** Drops the connection silently, as a load balancer does: the next bytes on it are answered by a reset. */
  | (Delivered & { readonly kind: 'forget' })
  /** HTTP/1.0: no length, the body ends with the connection. */
  | (Delivered & { readonly kind: 'http10' })
  /** Sends the whole answer a second time: after so many milliseconds (0: both in one piece), or as soon as the next request begins. */
  | (Delivered & { readonly kind: 'twice'; readonly after: number | 'next request' })
  /** Sends `100 Continue` first, without being asked. */
  | (Delivered & { readonly kind: 'continue100' });

/** Faults that carry no answer. */
export type WireFault =
  /** Sends exactly these bytes. The connection stays open by default. */
  | { readonly kind: 'raw'; readonly bytes: string | Buffer; readonly afterwards?: 'close' | 'reset' | 'stall' }
  | { readonly kind: 'resetBeforeHead' }
  | { readonly kind: 'closeBeforeHead' }
  /** Reads the request and never answers. */
  | { readonly kind: 'stallHead' }
  /** A JSON body of so many bytes, streamed as fast as the peer reads. `call.bodyBytesTaken` counts the bytes that were read. */
  | { readonly kind: 'hugeBody'; readonly bytes: number; readonly announced?: boolean }
  /** A permit below so many bytes of header lines. */
  | { readonly kind: 'headerBomb'; readonly bytes: number }
  /** Nested arrays, so many deep: as the whole body, as the `state` of a permit, or as `response`. */
  | { readonly kind: 'deepJson'; readonly depth: number; readonly within?: 'body' | 'state' | 'response' }
  | { readonly kind: 'upgrade101' };

/** The behaviour for one call. */
export type Behaviour =
  | Answer
  | Delivery
  | WireFault
  | { readonly kind: 'slow'; readonly ms: number; readonly behaviour: Behaviour };

/** The behaviour for one TCP connection, before any request is read. */
export type ConnectionBehaviour =
  | { readonly kind: 'accept' }
  /** Accepts the connection and does nothing more: no TLS hello is answered and no byte is read. */
  | { readonly kind: 'stallConnect' }
  | { readonly kind: 'resetConnect' }
  | { readonly kind: 'closeConnect' };
