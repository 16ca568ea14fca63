/** What Terraform itself makes of the settings, where it is installed: format, environment, refusals, alarms and dashboards. No provider is needed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARDS, dashboardBody } from '../../../deploy/generate-dashboards.ts';
import { at, entriesOf, type Json } from '../templates.ts';
import { expression, FOLDER, MODULE } from './files.ts';

const SECONDS = 1000;
const LIMIT = 120 * SECONDS;
const required = { pingone_service_url: 'https://http-access-api.pingone.eu/v1/environments/0' };

const run = (cwd: string, ...args: readonly string[]) =>
  spawnSync('terraform', args, {
    cwd,
    encoding: 'utf8',
    timeout: LIMIT,
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      TF_CLI_CONFIG_FILE: '/dev/null',
      CHECKPOINT_DISABLE: '1',
      TF_CLI_ARGS: '-no-color',
    },
  });

const isInstalled = run('/', 'version').status === 0;

const rendered = (template: string, variables: string): string =>
  `jsondecode(templatefile("${expression('path.module')}/dashboards/${template}.json.tftpl", ${variables}))`;

const NAMES = 'function_name = "f", namespace = "N"';
const PROBE = `
output "environment" {
  value     = local.environment
  sensitive = true
}
output "alarms" {
  value = ${rendered('alarms', `merge({ ${NAMES} }, var.alarm_thresholds)`)}
}
${DASHBOARDS.map(name => `output "${name}" {\n  value = ${rendered(name, `{ ${NAMES}, region = "eu-central-1" }`)}\n}`).join('\n')}
`;

describe.skipIf(!isInstalled)('terraform', () => {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));

  const plan = (variables: object) => {
    writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(variables));
    return run(folder, 'plan', '-input=false', '-out=plan');
  };
  const outputs = (variables: object): Json | undefined => {
    const { status, stderr } = plan({ ...required, ...variables });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return at(JSON.parse(run(folder, 'show', '-json', 'plan').stdout), 'planned_values', 'outputs');
  };

  beforeAll(() => {
    for (const file of ['variables.tf', 'settings.tf', 'dashboards']) {
      cpSync(fileURLToPath(new URL(file, FOLDER)), join(folder, file), { recursive: true });
    }
    writeFileSync(join(folder, 'probe.tf'), PROBE);
    expect(run(folder, 'init', '-input=false', '-backend=false').stderr).toBe('');
  }, LIMIT);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds every file in its own format', () => {
    const { status, stdout } = run(fileURLToPath(FOLDER), 'fmt', '-check', '-recursive', '-diff');
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('sets the variables that are given, as text, and leaves the others to the authorizer', { timeout: LIMIT }, () => {
    const given = {
      pingone_prewarm: false,
      pingone_retries: 0,
      forward_headers: ['X-User-Id', 'X-Plan'],
      decision_cache_key: ['method', 'header:x-api-key'],
      otel_exporter_otlp_headers: 'authorization=secret',
    };
    expect(at(outputs(given), 'environment', 'value')).toEqual({
      PINGONE_SERVICE_URL: required.pingone_service_url,
      PINGONE_PREWARM: 'false',
      PINGONE_RETRIES: '0',
      FORWARD_HEADERS: 'X-User-Id,X-Plan',
      DECISION_CACHE_KEY: 'method,header:x-api-key',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
    });
    expect(at(outputs({}), 'environment', 'value')).toEqual({
      PINGONE_SERVICE_URL: required.pingone_service_url,
      OTEL_EXPORTER_OTLP_HEADERS: '',
    });
  });

  it('refuses a wrong value of every variable that is checked, before anything is deployed', { timeout: LIMIT }, () => {
    const wrong: Readonly<Record<string, unknown>> = {
      number: -1,
      string: ' wrong value ',
      'list(string)': [' wrong value '],
      'map(number)': { 8: 2 },
      'map(string)': Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ''])),
    };
    const objects: Readonly<Record<string, unknown>> = {
      zip_s3: { bucket: '', key: '' },
      apis: { all: { api_id: '*' } },
      alarm_thresholds: { fail_closed_percent: -1 },
    };
    const checked = MODULE.variables.filter(({ validations }) => validations.length > 0);
    const values = checked.map(({ name, type }) => [name, objects[name] ?? wrong[type]]);
    const { status, stderr } = plan(Object.fromEntries(values));
    expect(status).not.toBe(0);
    const said = stderr.replace(/\s+/g, ' ');
    const accepted = checked.filter(({ validations }) => !validations.some(({ message }) => said.includes(message)));
    expect(accepted.map(({ name }) => name)).toEqual([]);
  });

  it('takes both kinds of API address', { timeout: LIMIT }, () => {
    const apis = {
      own: { api_id: 'abc123' },
      other: { api_id: 'def456', account_id: '210987654321', authorizer_id: 'a1' },
    };
    expect(plan({ ...required, apis }).stderr).toBe('');
    expect(plan({ ...required, apis: { other: { api_id: 'abc123', account_id: '1' } } }).stderr).toContain('12 digits');
    expect(plan({ ...required, apis: { other: { api_id: 'abc123', authorizer_id: 'a/b' } } }).stderr).toContain(
      'authorizer_id',
    );
  });

  it('makes the alarms of dashboards/alarms.yaml, with the thresholds that are given', { timeout: LIMIT }, () => {
    const alarms = entriesOf(at(outputs({ alarm_thresholds: { fail_closed_percent: 20 } }), 'alarms', 'value'));
    const source = readFileSync(new URL('../../dashboards/alarms.yaml', FOLDER), 'utf8');
    const names = [...source.matchAll(/AlarmName: !Sub '\$\{FunctionName\}-([\w-]+)'/g)].map(([, name]) => `f-${name}`);
    expect(alarms.map(([, alarm]) => at(alarm, 'AlarmName'))).toEqual(names);
    const thresholds = new Map(alarms.map(([, alarm]) => [at(alarm, 'AlarmName'), at(alarm, 'Threshold')]));
    expect(thresholds.get('f-fail-closed-rate')).toBe(20);
    expect(thresholds.get('f-latency-p99')).toBe(2000);
  });

  it.each(DASHBOARDS)(
    'makes the dashboard %s for the function, its region and its namespace',
    { timeout: LIMIT },
    name => {
      const known = { functionName: 'f', region: 'eu-central-1', namespace: 'N', literalBrace: '${' };
      expect(at(outputs({}), name, 'value')).toEqual(JSON.parse(dashboardBody(name, known)));
    },
  );
});
