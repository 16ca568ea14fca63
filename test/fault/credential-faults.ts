/** What goes wrong with the gateway credential: the store that keeps it, and PingOne's opinion of it. */
import type { SecretFault, SecretStore } from '../support/secret-store-answers.ts';
import { CREDENTIAL } from './authorizer-environment.ts';
import type { Fault, Stored } from './fault.ts';
import type { LineId } from './table-lines.ts';

const STORES = ['secretsmanager', 'ssm'] as const;
const OTHER = `${CREDENTIAL}-other`;
/** Every request reads the store anew. */
const NO_CACHE = { PINGONE_CREDENTIAL_TTL_MS: '1' };

const permitted = (title: string, line: LineId | undefined, stored: Stored, more: Partial<Fault> = {}): Fault => ({
  title: `${title} (${stored.in})`,
  ...(line === undefined ? {} : { line }),
  stored,
  gets: 'PERMIT',
  bound: 'at once',
  attempts: 1,
  sockets: 1,
  ...more,
});

const never = (title: string, stored: Stored, more: Partial<Fault> = {}): Fault => ({
  title: `${title} (${stored.in})`,
  line: 'storeDown',
  stored,
  gets: 'CREDENTIAL_UNAVAILABLE',
  status: 500,
  bound: 'at once',
  attempts: 0,
  sockets: 0,
  next: 'CREDENTIAL_UNAVAILABLE',
  ...more,
});

const FAILING: readonly (readonly [string, SecretFault])[] = [
  ['throttles', { kind: 'throttled' }],
  ['answers 500', { kind: 'serverError' }],
  ['answers 503', { kind: 'serverError', status: 503 }],
  ['denies access', { kind: 'accessDenied' }],
  ['has no such value', { kind: 'notFound' }],
  ['drops the connection', { kind: 'drop' }],
  ['answers garbage', { kind: 'garbled' }],
];

const ofStore = (store: SecretStore): readonly Fault[] => [
  permitted('a plain value', undefined, { in: store, value: CREDENTIAL }, { accepted: CREDENTIAL, storeCalls: 1 }),
  permitted(
    'a JSON value',
    undefined,
    { in: store, value: JSON.stringify({ credential: CREDENTIAL }) },
    { accepted: CREDENTIAL },
  ),
  ...FAILING.map(([how, otherwise]) => never(`the store ${how}`, { in: store, value: CREDENTIAL, otherwise })),
  never(
    'the store hangs',
    { in: store, value: CREDENTIAL, otherwise: { kind: 'hang' } },
    {
      line: 'storeHangs',
      bound: 'deadline',
    },
  ),
  never('the store holds JSON without a credential', { in: store, value: '{"token":"x"}' }),
  never('the store holds broken JSON', { in: store, value: '{"credential":' }),
  never('the store holds what no header can carry', { in: store, value: 'a\r\nb' }),
  ...FAILING.map(([how, otherwise]) =>
    permitted(
      `the store ${how} later`,
      'storeDownLater',
      { in: store, value: CREDENTIAL, later: { otherwise } },
      { env: NO_CACHE, before: [{ kind: 'permit' }], accepted: CREDENTIAL },
    ),
  ),
  permitted(
    'the store hangs later',
    'storeHangsLater',
    { in: store, value: CREDENTIAL, later: { otherwise: { kind: 'hang' } } },
    { env: NO_CACHE, before: [{ kind: 'permit' }], accepted: CREDENTIAL, bound: 'store' },
  ),
  permitted(
    'rotated in the store and at PingOne',
    'rotated',
    { in: store, value: CREDENTIAL, later: { value: OTHER, accepted: OTHER } },
    { before: [{ kind: 'permit' }], accepted: CREDENTIAL, attempts: 2, storeCalls: 2 },
  ),
];

export const CREDENTIAL_FAULTS: readonly Fault[] = [
  ...STORES.flatMap(ofStore),
  permitted(
    'a value as bytes',
    undefined,
    { in: 'secretsmanager', value: Buffer.from(CREDENTIAL) },
    {
      accepted: CREDENTIAL,
    },
  ),
  permitted(
    'the store throttles once',
    undefined,
    { in: 'ssm', value: CREDENTIAL, script: [{ kind: 'throttled' }] },
    { accepted: CREDENTIAL, storeCalls: 2 },
  ),
  permitted(
    'the store is ahead of PingOne: the last good credential is still the right one',
    'rotated',
    { in: 'ssm', value: CREDENTIAL, later: { value: OTHER } },
    { env: NO_CACHE, before: [{ kind: 'permit' }], accepted: CREDENTIAL, attempts: 2 },
  ),
  {
    title: 'a busy PingOne before and after a refused credential: one retry for the whole request',
    stored: { in: 'ssm', value: CREDENTIAL, later: { value: OTHER } },
    env: { BREAKER_ENABLED: 'false' },
    before: [{ kind: 'permit' }],
    meets: [
      { kind: 'reply', status: 503 },
      { kind: 'reply', status: 401 },
      { kind: 'reply', status: 503 },
    ],
    gets: 'PDP_ERROR',
    status: 502,
    bound: 'at once',
    attempts: 3,
    storeCalls: 2,
    sockets: 1,
  },
  {
    title: 'PingOne refuses what the store has: asked once more, then not for a while',
    line: 'refused',
    stored: { in: 'secretsmanager', value: OTHER },
    accepted: CREDENTIAL,
    before: [{ kind: 'permit' }],
    gets: 'CREDENTIAL_REFUSED',
    status: 500,
    bound: 'at once',
    attempts: 1,
    storeCalls: 2,
    sockets: 1,
    next: 'CREDENTIAL_REFUSED',
  },
  {
    title: 'PingOne refuses a credential that is configured as it is',
    line: 'refused',
    accepted: OTHER,
    gets: 'CREDENTIAL_REFUSED',
    status: 500,
    bound: 'at once',
    attempts: 1,
    sockets: 1,
    next: 'CREDENTIAL_REFUSED',
  },
];
