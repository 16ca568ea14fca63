/** Replies and events that others recorded or published, read from test/fixtures/recorded. Each file names where it comes from. */
import { readdirSync, readFileSync } from 'node:fs';
import type { SidebandRequest } from '../../src/sideband/wire.ts';

/** Where a recording comes from, and what was changed in it. */
interface Recording {
  readonly origin: {
    readonly repository: string;
    readonly path: string;
    readonly commit: string;
    readonly licence: string;
  };
  readonly redactions: string;
}

/** What a recorded reply meant. `none`: it was no decision, so that `reasonCode` is ours. */
export type Happened =
  | { readonly effect: 'permit'; readonly changes: readonly string[] }
  | { readonly effect: 'deny'; readonly status: number; readonly reasonCode: string; readonly challenge?: string }
  | { readonly effect: 'none'; readonly reasonCode: string };

/** A reply to `/sideband/request`, with the request that it answers. */
export interface RecordedReply extends Recording {
  readonly product: string;
  readonly happened: Happened;
  readonly request: SidebandRequest;
  readonly reply: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** A body that is JSON, or a text that is none. */
    readonly body: Readonly<Record<string, unknown>> | string;
  };
}

/** An event, with what a reader sees in it. */
export interface RecordedEvent extends Recording {
  readonly recorded: string;
  /** The members that make an authorizer's event of a recorded backend's event. */
  readonly authorizer?: Readonly<Record<string, string>>;
  readonly shows:
    | { readonly refused: string }
    | {
        readonly kind: string;
        readonly method: string;
        readonly url: string;
        readonly sourceIp: string;
        readonly headers: readonly string[];
      };
  readonly event: Readonly<Record<string, unknown>>;
}

const FOLDER = new URL('../fixtures/recorded/', import.meta.url);

/** Every recording of a folder by its file's name. */
const recordingsIn = <T extends Recording>(folder: string): readonly (readonly [name: string, recording: T])[] =>
  readdirSync(new URL(folder, FOLDER))
    .sort()
    .map(file => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(new URL(`${folder}/${file}`, FOLDER), 'utf8')) as T,
    ]);

export const RECORDED_REPLIES = recordingsIn<RecordedReply>('replies');
export const RECORDED_EVENTS = recordingsIn<RecordedEvent>('events');
