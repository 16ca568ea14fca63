/** Records what the fake PDP saw: every call, every connection, and the violations in both. */
import type { RawRequest } from './http-request.ts';
import { isObject, type SidebandBody } from './sideband-answers.ts';

/** One request to `<service url>/sideband/request`. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** As they arrived, with order, case and repeats. */
  readonly headerLines: readonly (readonly [name: string, value: string])[];
  /** By lower-case name; repeats joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
  readonly body: SidebandBody;
  /** The value of the credential header. */
  readonly credential: string | undefined;
  /** Connections are numbered from 1 in the order of their coming. */
  readonly connection: number;
  /** Wall clock, ms. */
  readonly at: number;
  /** `refused`: the credential was not accepted, so no behaviour was used up. */
  readonly outcome: 'pending' | 'answered' | 'refused' | 'broken';
  /** The number of bytes of a huge body that the operating system accepted from us. */
  readonly bodyBytesTaken: number;
}

/** A request to anything but the sideband endpoint. */
export interface Stray {
  readonly method: string;
  readonly path: string;
  readonly connection: number;
}

export interface ConnectionCounts {
  readonly opened: number;
  readonly open: number;
  /** How often a peer used a connection that `forget` had dropped. */
  readonly usedAfterForgetting: number;
}

/** A call that is being answered. */
export type OpenCall = { -readonly [Member in keyof Call]: Call[Member] };

const headerMap = (lines: RawRequest['headers']): Record<string, string> => {
  const map: Record<string, string> = Object.create(null);
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    map[key] = map[key] === undefined ? value : `${map[key]}, ${value}`;
  }
  return map;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Records a request. A body that is no object is recorded as an empty one, and as a violation. */
export const openCall = (request: RawRequest, connection: number, credentialHeader: string): OpenCall => {
  const headers = headerMap(request.headers);
  const rawBody = request.body.toString('utf8');
  const body = parsed(rawBody);
  return {
    method: request.method,
    path: request.target,
    headerLines: request.headers,
    headers,
    rawBody,
    body: isObject(body) ? body : {},
    credential: headers[credentialHeader.toLowerCase()],
    connection,
    at: Date.now(),
    outcome: 'pending',
    bodyBytesTaken: 0,
  };
};

export interface Conditions {
  /** Checks all waiting conditions again. */
  changed(): void;
  /** Resolves when the condition holds. Rejects with the condition's name if it does not hold in time. */
  until(what: string, holds: () => boolean, withinMs?: number): Promise<void>;
}

/** Lets tests wait for conditions instead of sleeping. */
export const conditions = (): Conditions => {
  const waiting = new Set<() => void>();
  return {
    changed: () => {
      for (const look of waiting) look();
    },
    until: (what, holds, withinMs = 5000) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          finish();
        };
        const timer = setTimeout(
          () => settle(() => reject(new Error(`fake PDP: not within ${withinMs} ms: ${what}`))),
          withinMs,
        );
        const look = (): void => {
          if (holds()) settle(resolve);
        };
        waiting.add(look);
        look();
      }),
  };
};
