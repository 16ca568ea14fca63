/** Writes what the Terraform module takes from elsewhere: its alarms and dashboards, and its README's tables; `--check` fails when one is stale. */
import { readFileSync } from 'node:fs';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';
import { DASHBOARDS, dashboardBody } from '../deploy/generate-dashboards.ts';
import { ROWS } from '../src/config/variables.ts';
import { putFile, putSection } from './document-section.ts';
import { readModule, type Variable } from './terraform-files.ts';

const MODULE = 'deploy/terraform';
const REMEDY = 'Run `npm run fix`.';

const IN_TERRAFORM = {
  functionName: templateVariable('function_name'),
  region: templateVariable('region'),
  namespace: templateVariable('namespace'),
  literalBrace: '$${',
};

const ROW_DEFAULTS = new Map(Object.entries(ROWS).map(([name, { shown }]) => [name.toLowerCase(), shown]));

for (const name of DASHBOARDS) {
  putFile(`${MODULE}/dashboards/${name}.json.tftpl`, `${dashboardBody(name, IN_TERRAFORM)}\n`, REMEDY);
}
putFile(`${MODULE}/dashboards/alarms.json.tftpl`, alarms(), REMEDY);
await putTables();

async function putTables(): Promise<void> {
  const { variables, outputs } = await readModule(new URL(`../${MODULE}/`, import.meta.url));
  const isSetting = ({ name }: Variable): boolean => ROW_DEFAULTS.has(name) || name.startsWith('otel_');
  const put = (section: string, head: readonly string[], rows: readonly (readonly string[])[]): void =>
    putSection(section, table(head, rows), REMEDY, `${MODULE}/README.md`);

  put(
    'inputs',
    ['name', 'type', 'default', 'meaning'],
    variables
      .filter(variable => !isSetting(variable))
      .map(variable => [`\`${variable.name}\``, typeOf(variable), shownDefault(variable), variable.description]),
  );
  put(
    'settings',
    ['name', 'type', "the authorizer's default", 'meaning'],
    variables
      .filter(isSetting)
      .map(variable => [
        `\`${variable.name}\``,
        typeOf(variable),
        ROW_DEFAULTS.get(variable.name) ?? '',
        variable.description,
      ]),
  );
  put(
    'outputs',
    ['name', 'value'],
    outputs.map(({ name, description }) => [`\`${name}\``, description]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function typeOf({ type, sensitive }: Variable): string {
  const oneLine = type
    .replace(/\(\{\s*/g, '({ ')
    .replace(/,?\s*\}\)/g, ' })')
    .replace(/\n\s*/g, ', ');
  return `\`${oneLine.replace(/ +/g, ' ')}\`${sensitive ? ', sensitive' : ''}`;
}

function shownDefault({ required, byDefault }: Variable): string {
  if (required) return 'required';
  return byDefault === null ? '' : `\`${JSON.stringify(byDefault)}\``;
}

/** The alarms of dashboards/alarms.yaml as one JSON array. Terraform fills in what CloudFormation's parameters stand for. */
function alarms(): string {
  const source = readFileSync(new URL('../dashboards/alarms.yaml', import.meta.url), 'utf8');
  const { Resources } = parse(source, { customTags: tags() }) as { Resources: Record<string, { Properties: object }> };
  const lines = Object.values(Resources).map(({ Properties }) =>
    JSON.stringify(Properties, (name, value: unknown) =>
      /^(?:AlarmActions|OKActions)$/.test(name) ? undefined : value,
    ),
  );
  // A threshold is a number: its variable stands without quotes.
  return `[\n${lines.join(',\n').replace(/"Threshold":"(\$\{\w+\})"/g, '"Threshold":$1')}\n]\n`;
}

function tags(): (ScalarTag | CollectionTag)[] {
  const variableOf = (parameter: string): string => templateVariable(inSnakeCase(parameter));
  return [
    { tag: '!Ref', resolve: variableOf },
    {
      tag: '!Sub',
      resolve: (text: string) => text.replace(/\$\{(\w+)\}/g, (_, parameter: string) => variableOf(parameter)),
    },
    ...['!If', '!Equals', '!Not'].map((tag): CollectionTag => ({ tag, collection: 'seq', resolve: () => null })),
  ];
}

function templateVariable(name: string): string {
  return `\${${name}}`;
}

/** LatencyP99Milliseconds -> latency_p99_milliseconds */
function inSnakeCase(parameter: string): string {
  return parameter.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}
