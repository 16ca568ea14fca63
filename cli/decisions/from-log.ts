/** Decision lines of the authorizer's log -> rows to complete by hand. The log has no token and no concrete path. */
import { stringify } from 'yaml';

/**
 * One row for each route and decision, as YAML; `baseUrl` stands in for the host, which the log does not name.
 * Reads lines of JSON, also with what `aws logs tail` writes before them; passes over all others.
 */
export const rowsFromLog = (log: string, baseUrl: string | undefined): string => {
  const lines = log.split('\n').flatMap(line => fieldsIn(line) ?? []);
  const methods = methodsByRequest(lines);
  const decided = lines.filter(isDecision).filter(({ reasonCode }) => !isFault(reasonCode));
  const groups = Map.groupBy(decided, line => JSON.stringify(rowOf(line, methods)));
  const rows = [...groups].map(([row, { length }]) => ({ row, seen: length }));
  const head = [
    '# Made from a log. Put real values where {names} are, and a token, method or host where another is meant.',
    stringify({ baseUrl: baseUrl ?? 'https://api.example.com' }).trim(),
    rows.length === 0 ? 'rows: []' : 'rows:',
  ];
  return [...head, ...rows.map(({ row, seen }) => itemOf(row, seen))].join('\n');
};

interface LogLine {
  readonly message: string;
  readonly effect: string;
  readonly reasonCode: string;
  readonly status: number | undefined;
  readonly stage: string;
  readonly route: string;
  readonly requestId: string;
  /** Only in the record that `DEBUG=true` writes beside the decision. */
  readonly method: string | undefined;
}

/** What PingOne itself decides; all else is a fault, which no policy is to blame for. */
const DECISIONS = ['PERMIT', 'POLICY_DENIED', 'UNAUTHENTICATED', 'STEP_UP_REQUIRED'];

function fieldsIn(line: string): LogLine | undefined {
  const value = parsed(line.slice(Math.max(0, line.indexOf('{'))));
  if (typeof value !== 'object' || value === null) return undefined;
  const text = (from: object, name: string): string => {
    const found: unknown = Reflect.get(from, name);
    return typeof found === 'string' ? found : '';
  };
  const [status, request]: readonly unknown[] = [Reflect.get(value, 'status'), Reflect.get(value, 'request')];
  return {
    message: text(value, 'message'),
    effect: text(value, 'effect'),
    reasonCode: text(value, 'reasonCode'),
    status: typeof status === 'number' ? status : undefined,
    stage: text(value, 'stage'),
    route: text(value, 'route'),
    requestId: text(value, 'requestId'),
    method: typeof request === 'object' && request !== null ? text(request, 'method') : undefined,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDecision({ message }: LogLine): boolean {
  return message === 'decision';
}

function isFault(reasonCode: string): boolean {
  return !DECISIONS.includes(reasonCode);
}

function methodsByRequest(lines: readonly LogLine[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap(({ message, requestId, method }) =>
      message === 'exchange' && method !== undefined && method !== '' ? [[requestId, method] as const] : [],
    ),
  );
}

/** An HTTP API's route begins with the method; a REST API's resource has none. */
function rowOf(
  { route, stage, requestId, effect, reasonCode, status }: LogLine,
  methods: ReadonlyMap<string, string>,
): object {
  const [verb, path] = /^[A-Z]+ \//.test(route) ? route.split(' ') : [undefined, route];
  const method = methods.get(requestId) ?? (verb === 'ANY' ? undefined : verb);
  const below = path?.startsWith('/') === true ? path : '/{path}';
  return {
    ...(method === undefined ? { method: 'GET' } : { method }),
    url: `${stage === '' || stage === '$default' ? '' : `/${stage}`}${below}`,
    ...(reasonCode === 'UNAUTHENTICATED' ? {} : { token: { env: 'ACCESS_TOKEN' } }),
    expect: effect,
    ...(effect === 'deny' ? { status, reasonCode } : {}),
  };
}

function itemOf(json: string, seen: number): string {
  const [first, ...rest] = stringify(JSON.parse(json)).trimEnd().split('\n');
  return [`  # ${seen} ${seen === 1 ? 'time' : 'times'}`, `  - ${first}`, ...rest.map(line => `    ${line}`)].join(
    '\n',
  );
}
