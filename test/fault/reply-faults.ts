/** What goes wrong with the reply's bytes: broken off, stalled, dripping, huge, not HTTP; and what only looks wrong. */
import type { Behaviour } from '../support/behaviours.ts';
import type { Fault } from './fault.ts';
import type { LineId } from './table-lines.ts';

const BOTH = ['http', 'https'] as const;
const MEBIBYTE = 1_048_576;

const brokenHead = (title: string, meets: Behaviour): Fault => ({
  title,
  line: 'brokenHead',
  over: BOTH,
  meets: [meets],
  gets: 'PDP_UNREACHABLE',
  status: 503,
  bound: 'at once',
  attempts: 1,
  sockets: 0,
});

const badReply = (title: string, line: LineId, meets: Behaviour, more: Partial<Fault> = {}): Fault => ({
  title,
  line,
  over: BOTH,
  meets: [meets],
  gets: 'PDP_BAD_REPLY',
  status: 502,
  bound: 'at once',
  attempts: 1,
  sockets: 0,
  ...more,
});

const stuck = (title: string, meets: Behaviour, more: Partial<Fault> = {}): Fault => ({
  title,
  line: 'silent',
  over: BOTH,
  meets: [meets],
  gets: 'PDP_TIMEOUT',
  status: 503,
  bound: 'attempt',
  attempts: 1,
  sockets: 0,
  ...more,
});

const fine = (title: string, meets: Behaviour, more: Partial<Fault> = {}): Fault => ({
  title,
  line: 'unusual',
  over: BOTH,
  meets: [meets],
  gets: 'PERMIT',
  bound: 'at once',
  attempts: 1,
  sockets: 1,
  ...more,
});

const DRIP: Behaviour = { kind: 'drip', bytes: 1, everyMs: 25 };
/** Longer than the short limit of any bound. */
const SLOW: Behaviour = { kind: 'slow', ms: 5000, behaviour: { kind: 'permit' } };

const stuckReplies: readonly Fault[] = [
  stuck('silence', { kind: 'stallHead' }),
  stuck('silence on a connection that answered before', { kind: 'stallHead' }, { before: [{ kind: 'permit' }] }),
  stuck('the body stalls', { kind: 'stallBody' }),
  stuck('the body stalls before its first byte', { kind: 'stallBody', afterBytes: 0 }),
  stuck('the head stalls', { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\nContent-Type: app', afterwards: 'stall' }),
  stuck('a chunked body never ends', {
    kind: 'raw',
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
    afterwards: 'stall',
  }),
  stuck('head and body drip', DRIP),
  stuck('a second attempt is not made after a timeout', { kind: 'stallHead' }, { env: { PINGONE_RETRIES: '2' } }),
  stuck('a reply that is too late', SLOW),
  stuck('silence, past the deadline', { kind: 'stallHead' }, { line: 'late', bound: 'deadline' }),
  stuck('the body stalls, past the deadline', { kind: 'stallBody' }, { line: 'late', bound: 'deadline' }),
  stuck('head and body drip, past the deadline', DRIP, { line: 'late', bound: 'deadline' }),
  stuck(
    'the second attempt outlives the deadline',
    { kind: 'reply', status: 503 },
    { line: 'late', bound: 'deadline', meets: [{ kind: 'reply', status: 503 }, { kind: 'stallHead' }], attempts: 2 },
  ),
  stuck("silence, past Lambda's time", { kind: 'stallHead' }, { line: 'lambda', bound: 'lambda' }),
  stuck("the body stalls, past Lambda's time", { kind: 'stallBody' }, { line: 'lambda', bound: 'lambda' }),
  stuck("the body drips, past Lambda's time", DRIP, { line: 'lambda', bound: 'lambda' }),
];

const brokenReplies: readonly Fault[] = [
  brokenHead('reset inside the head', { kind: 'resetMidHead' }),
  brokenHead('reset after the first byte', { kind: 'resetMidHead', afterBytes: 1 }),
  brokenHead('closed inside the head', { kind: 'raw', bytes: 'HTTP/1.1 200 O', afterwards: 'close' }),
  badReply('reset inside the body', 'brokenBody', { kind: 'resetMidBody' }),
  badReply('reset before the body', 'brokenBody', { kind: 'resetMidBody', afterBytes: 0 }),
  badReply('closed inside the body', 'brokenBody', { kind: 'truncate' }),
  badReply('closed before the body', 'brokenBody', { kind: 'truncate', afterBytes: 0 }),
  badReply('a chunked body without its last chunk', 'brokenBody', { kind: 'chunked', unfinished: true }),
  badReply(
    'a 302 that breaks off',
    'brokenBody',
    { kind: 'truncate', answer: { kind: 'reply', status: 302 } },
    {
      gets: 'PDP_REJECTED',
      line: 'rejected',
    },
  ),
  badReply(
    'a 500 that breaks off',
    'brokenBody',
    { kind: 'truncate', answer: { kind: 'reply', status: 500 } },
    {
      gets: 'PDP_ERROR',
      line: 'serverError',
    },
  ),
];

const oddReplies: readonly Fault[] = [
  badReply('not HTTP at all', 'noHttp', { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.6\r\n\r\n' }),
  // What a server that speaks nothing but HTTP/2 says first: an empty SETTINGS frame.
  badReply('HTTP/2', 'noHttp', { kind: 'raw', bytes: Buffer.from('000000040000000000', 'hex') }),
  badReply('two contradicting lengths', 'noHttp', {
    kind: 'raw',
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}',
  }),
  badReply('length and chunks at once', 'noHttp', {
    kind: 'raw',
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  }),
  badReply('a header bomb', 'noHttp', { kind: 'headerBomb', bytes: 2 * MEBIBYTE }),
  badReply('an upgrade to another protocol', 'rejected', { kind: 'upgrade101' }, { gets: 'PDP_REJECTED' }),
  badReply('a huge body', 'tooLarge', { kind: 'hugeBody', bytes: 64 * MEBIBYTE }),
  badReply('a huge body of unknown length', 'tooLarge', { kind: 'hugeBody', bytes: 64 * MEBIBYTE, announced: false }),
  badReply(
    'a body one byte above a small limit',
    'tooLarge',
    { kind: 'permit' },
    {
      env: { PINGONE_MAX_REPLY_BYTES: '100' },
      next: 'PDP_BAD_REPLY',
    },
  ),
  ...(['body', 'response'] as const).map(within =>
    badReply(
      `JSON 100,000 deep as ${within}`,
      'notUnderstood',
      { kind: 'deepJson', depth: 100_000, within },
      {
        sockets: 1,
      },
    ),
  ),
];

const fineReplies: readonly Fault[] = [
  fine('a slow permit', { kind: 'slow', ms: 300, behaviour: { kind: 'permit' } }),
  fine('a permit that drips, in time', { kind: 'drip', bytes: 64, everyMs: 2 }),
  fine('a permit in chunks', { kind: 'chunked', chunkBytes: 7 }),
  fine('a permit over HTTP/1.0', { kind: 'http10' }, { sockets: 0 }),
  fine('an interim 100', { kind: 'continue100' }),
  fine('a Keep-Alive hint', { kind: 'keepAliveHint', seconds: 30 }),
  fine('a permit with a deep state', { kind: 'deepJson', depth: 1000, within: 'state' }),
];

export const REPLY_FAULTS: readonly Fault[] = [...stuckReplies, ...brokenReplies, ...oddReplies, ...fineReplies];
