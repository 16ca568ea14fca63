/** The words that our CloudWatch Logs Insights queries may use: those of the language, and the fields of our log line. */

/** The fields of the decision record that dashboards and runbook query. */
const FIELDS = [
  '@timestamp',
  '@message',
  'message',
  'level',
  'effect',
  'reasonCode',
  'status',
  'durationMs',
  'pdpMs',
  'attempts',
  'breaker',
  'coldStart',
  'requestId',
  'lambdaRequestId',
  'traceId',
  'correlationId',
  'apiId',
  'stage',
  'route',
  'tokenGate',
  // Of the shadow's line.
  'kind',
  'shadowMs',
];
const COMMANDS = ['fields', 'filter', 'stats', 'sort', 'limit', 'SOURCE'];
const WORDS = [
  'and',
  'or',
  'not',
  'in',
  'like',
  'as',
  'by',
  'asc',
  'desc',
  'count',
  'pct',
  'max',
  'min',
  'bin',
  'ispresent',
];

/** The errors in a query: unknown names, and lines that do not start with a command. */
export function queryProblems(query: string): readonly string[] {
  const bare = query.replace(/"[^"]*"|'[^']*'/g, '""').replace(/like \/.*?[^\\]\/(?=\s|$)/g, 'like ""');
  const aliases = [...bare.matchAll(/\bas (\w+)/g)].map(match => match[1]);
  const known = new Set<string | undefined>([...FIELDS, ...COMMANDS, ...WORDS, ...aliases]);
  const names = bare.match(/(?<!\d)[@A-Za-z_]\w*/g) ?? [];
  const starts = bare.split('|').map(line => line.trim().split(' ')[0] ?? '');
  return [
    ...names.filter(name => !known.has(name)).map(name => `${name} is no field of the log line`),
    ...starts.filter(start => !COMMANDS.includes(start)).map(start => `${start} is no command`),
  ];
}
