/** Arguments -> a command, or a sentence that says what is wrong with them. */
import { parseArgs } from 'node:util';
import { suggestion } from './nearest.ts';

/** What cannot be run as it was typed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where the authorizer's settings are read: one of these, or this process's environment. */
export interface SettingsSource {
  readonly envFile: string | undefined;
  /** Name or ARN of a deployed function. */
  readonly functionName: string | undefined;
  readonly region: string | undefined;
}

/** An API whose authorizers are looked at. */
export interface ApiName {
  readonly kind: 'rest' | 'http';
  readonly id: string;
}

export interface DoctorCommand {
  readonly kind: 'doctor';
  readonly source: SettingsSource;
  readonly probeUrl: string | undefined;
  readonly api: ApiName | undefined;
  readonly json: boolean;
}

export interface TestCommand {
  readonly kind: 'test';
  readonly source: SettingsSource;
  /** The file of rows; undefined if rows are made from a log. */
  readonly file: string | undefined;
  readonly service: string | undefined;
  readonly against: string | undefined;
  readonly fromLog: string | undefined;
  readonly baseUrl: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
}

export type Command =
  | DoctorCommand
  | TestCommand
  | { readonly kind: 'help'; readonly of: 'all' | 'doctor' | 'test' }
  | { readonly kind: 'version' };

/** @throws UsageError */
export const readCommand = (args: readonly string[]): Command => {
  const [first, ...rest] = args;
  if (first === undefined) throw new UsageError('Name a command: doctor or test. --help shows what they do.');
  if (first === '--version' || first === '-v') return { kind: 'version' };
  if (first === 'help' || first === '--help' || first === '-h') return { kind: 'help', of: topicOf(rest[0]) };
  if (first === 'doctor') return isHelp(rest) ? { kind: 'help', of: 'doctor' } : doctor(rest);
  if (first === 'test') return isHelp(rest) ? { kind: 'help', of: 'test' } : test(rest);
  throw new UsageError(
    first.startsWith('-')
      ? `The command comes first: doctor or test. "${first}" is none; --help shows what there is.`
      : `There is no command "${first}". ${suggestion(first, ['doctor', 'test', '--help', '--version'])}`,
  );
};

const SETTINGS = { 'env-file': { type: 'string' }, function: { type: 'string' }, region: { type: 'string' } } as const;
const DOCTOR = {
  ...SETTINGS,
  url: { type: 'string' },
  'rest-api': { type: 'string' },
  'http-api': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
const TEST = {
  ...SETTINGS,
  service: { type: 'string' },
  against: { type: 'string' },
  'from-log': { type: 'string' },
  'base-url': { type: 'string' },
  junit: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

function topicOf(word: string | undefined): 'all' | 'doctor' | 'test' {
  return word === 'doctor' || word === 'test' ? word : 'all';
}

function isHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

function doctor(args: readonly string[]): DoctorCommand {
  const { values, positionals } = parsed('doctor', DOCTOR, () =>
    parseArgs({ args: [...args], options: DOCTOR, allowPositionals: true }),
  );
  if (positionals[0] !== undefined) throw new UsageError(`doctor takes no argument "${positionals[0]}", only options.`);
  const [rest, http] = [values['rest-api'], values['http-api']];
  if (rest !== undefined && http !== undefined) throw new UsageError('Give --rest-api or --http-api, not both.');
  const api = rest === undefined ? http && { kind: 'http' as const, id: http } : { kind: 'rest' as const, id: rest };
  return {
    kind: 'doctor',
    source: sourceOf(values),
    probeUrl: values.url === undefined ? undefined : httpsUrl('--url', values.url),
    api: api || undefined,
    json: values.json,
  };
}

function test(args: readonly string[]): TestCommand {
  const { values, positionals } = parsed('test', TEST, () =>
    parseArgs({ args: [...args], options: TEST, allowPositionals: true }),
  );
  const { 'from-log': fromLog, 'base-url': baseUrl, against, json, junit, service } = values;
  const [file, second] = positionals;
  if (second !== undefined) throw new UsageError(`test takes one file; "${second}" is one too many.`);
  if (file === undefined && fromLog === undefined) {
    throw new UsageError('Name the file of rows: test decisions.yaml. test --help shows what is in one.');
  }
  if (fromLog !== undefined && (file ?? against ?? junit ?? service) !== undefined) {
    throw new UsageError('--from-log only writes rows: it takes no file, --against, --junit or --service beside it.');
  }
  if (against !== undefined && junit !== undefined) {
    throw new UsageError('--against compares two services and judges no row: it cannot be given with --junit.');
  }
  const base = baseUrl === undefined ? undefined : httpsUrl('--base-url', baseUrl);
  return { kind: 'test', source: sourceOf(values), file, service, against, fromLog, baseUrl: base, junit, json };
}

/** Node's own message for options is long and speaks of no option of ours. */
function parsed<T>(command: string, options: Readonly<Record<string, { readonly type: string }>>, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const typed = /'(?:-\w, )?(?<option>--?[\w-]+)/.exec(error.message)?.groups?.['option'] ?? '';
    const names = Object.keys(options).map(name => `--${name}`);
    throw new UsageError(
      names.includes(typed)
        ? `${command}: ${typed} ${options[typed.slice(2)]?.type === 'boolean' ? 'takes no value' : 'needs a value'}.`
        : `${command}: there is no option ${typed}. ${suggestion(typed, names)}`,
      { cause: error },
    );
  }
}

function sourceOf(values: {
  readonly 'env-file'?: string | undefined;
  readonly function?: string | undefined;
  readonly region?: string | undefined;
}): SettingsSource {
  const { 'env-file': envFile, function: functionName, region } = values;
  if (envFile !== undefined && functionName !== undefined) {
    throw new UsageError('Give --env-file or --function, not both: each is a whole configuration.');
  }
  return { envFile, functionName, region };
}

function httpsUrl(option: string, text: string): string {
  if (!/^https:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new UsageError(`${option} must be an absolute URL that begins with https://, as clients of the API type it.`);
  }
  return text;
}
