/** AWS's own tools on every template: cfn-lint and the SAM translator where installed, CDK's template reader everywhere. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { describe, expect, it } from 'vitest';
import { at, EXAMPLES, entriesOf, type Json, leaves, TEMPLATE } from './templates.ts';

const ALL = [TEMPLATE, ...EXAMPLES];
const DASHBOARDS = fileURLToPath(new URL('../../dist/dashboards.yaml', import.meta.url));
const SECONDS = 1000;
/** CloudFront has no authorizer and caches no decision. */
const API_EXAMPLES = EXAMPLES.filter(path => basename(path) !== 'edge.yaml');

/** To import it, or to start cfn-lint for its version, takes a second. */
const SEEK_TRANSLATOR = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("samtranslator") is None)';

const installed = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { timeout: 30 * SECONDS }).status === 0;

describe.skipIf(!installed('which', 'cfn-lint'))('cfn-lint', () => {
  it('has nothing to say', { timeout: 120 * SECONDS }, () => {
    const { stdout } = spawnSync('cfn-lint', [...ALL, DASHBOARDS], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('');
  });
});

describe.skipIf(!installed('python3', '-c', SEEK_TRANSLATOR))('the SAM translator', () => {
  const script = fileURLToPath(new URL('translate.py', import.meta.url));
  const { stdout } = spawnSync('python3', [script, ...ALL], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const translated = (path: string): Json | undefined => at(JSON.parse(stdout), path);

  it.each(ALL.map(path => [basename(path), path]))('understands %s', (_, path) => {
    expect(at(translated(path), 'error')).toBeUndefined();
    expect(entriesOf(at(translated(path), 'Resources'))).not.toHaveLength(0);
  });

  it('replaces the version when Release changes', () => {
    const version = entriesOf(at(translated(TEMPLATE), 'Resources')).find(
      ([, resource]) => at(resource, 'Type') === 'AWS::Lambda::Version',
    );
    expect(at(version?.[1], 'Properties', 'Description')).toEqual({ Ref: 'Release' });
  });

  it.each(API_EXAMPLES.map(path => [basename(path), path]))('leaves TTL 0 and /authorizers/ in %s', (name, path) => {
    const resources = at(translated(path), 'Resources') ?? null;
    const ttls = leaves(resources).filter(leaf => /authorizerResultTtlInSeconds/i.test(leaf.path.at(-1) ?? ''));
    const sources = leaves(resources).filter(
      leaf => leaf.path.includes('SourceArn') && /\/authorizers\//.test(String(leaf.value)),
    );
    expect(ttls.map(leaf => leaf.value)).toEqual(name === 'websocket-api.yaml' ? [] : [0]);
    expect(sources).toHaveLength(1);
  });

  it.each(EXAMPLES.map(path => [basename(path), path]))('guards every method of %s but the preflight', (_, path) => {
    const paths = entriesOf(at(translated(path), 'Resources')).flatMap(([, api]) =>
      entriesOf(at(api, 'Properties', 'Body', 'paths')),
    );
    for (const [method, operation] of paths.flatMap(([, methods]) => entriesOf(methods))) {
      expect(at(operation, 'security')).toEqual(method === 'options' ? undefined : [{ PingOne: [] }]);
    }
  });
});

/** CDK knows no references to what SAM generates, and takes the alarms of a deployment for a property of the function. */
const withoutSamReferences = (text: string): string =>
  text.replace(/\b(AuthorizerFunction|Api)\.(Alias|Stage)\b/g, '$1').replace(/^ +Alarms: \[!Ref .*\]$/m, '');

describe('CDK reads', () => {
  it.each(ALL.map(path => [basename(path), path]))(
    '%s: known types and properties, no dangling reference',
    (_, path) => {
      const folder = mkdtempSync(join(tmpdir(), 'template-'));
      try {
        writeFileSync(join(folder, 'template.yaml'), withoutSamReferences(readFileSync(path, 'utf8')));
        const stack = new Stack(new App({ outdir: join(folder, 'out') }), 'Stack');
        Validations.of(stack).acknowledge({
          id: 'CloudFormation-Validate::W2509',
          reason: 'The parameter holds the ARN of the secret.',
        });
        new CfnInclude(stack, 'Template', { templateFile: join(folder, 'template.yaml') });
        expect(Object.keys(Template.fromStack(stack).toJSON()['Resources'])).not.toHaveLength(0);
        const report = JSON.parse(readFileSync(join(folder, 'out', 'validation-report.json'), 'utf8'));
        const violations = entriesOf(at(report, 'pluginReports')).flatMap(([, plugin]) =>
          entriesOf(at(plugin, 'violations')),
        );
        expect(violations.map(([, violation]) => at(violation, 'description'))).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
