/** Every forge runs the script that we run, with the fewest permissions and with pinned actions. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from './source.ts';

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

const step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      steps: z.array(step),
      'timeout-minutes': z.number(),
      permissions: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const pipeline = z.object({ test: z.object({ script: z.array(z.string()) }) });

const WORKFLOWS = readdirSync(`${ROOT}.github/workflows`);

/** What each runs, and what its jobs may do beyond reading the code. */
const ALLOWED: Readonly<Record<string, { readonly commands: readonly string[]; readonly rights: readonly object[] }>> =
  {
    'ci.yml': { commands: ['bash .ci/run'], rights: [] },
    'release.yml': {
      commands: ['bash .ci/run', 'npm run release -- --check', 'bash .ci/publish'],
      rights: [{ contents: 'write', 'id-token': 'write', attestations: 'write' }],
    },
  };

describe.each(WORKFLOWS)('.github/workflows/%s', name => {
  const text = read(`.github/workflows/${name}`);
  const { permissions, jobs } = workflow.parse(parse(text));
  const steps = Object.values(jobs).flatMap(job => job.steps);

  it('runs scripts of this repository and nothing else, so that a failed run can be repeated locally', () => {
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(ALLOWED[name]?.commands);
  });

  it('pins actions by their full commit, because a tag can be moved, and names the version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter(uses => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
    expect(text.match(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)).toHaveLength(used.length);
  });

  it('may read the code, and what it needs beyond that in one job', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const rights = Object.values(jobs).map(job => job.permissions);
    expect(rights.filter(right => right !== undefined)).toEqual(ALLOWED[name]?.rights);
    expect(text).not.toMatch(/pull_request_target|secrets\./);
  });
});

describe('the release workflow', () => {
  const text = read('.github/workflows/release.yml');

  it('runs for version tags alone, and signs what it publishes before it publishes', () => {
    expect(text).toMatch(/on:\n {2}push:\n {4}tags: \['v\*'\]\n/);
    expect(text.indexOf('subject-checksums: dist/SHA256SUMS')).toBeGreaterThan(text.indexOf('release -- --check'));
    expect(text.indexOf('bash .ci/publish')).toBeGreaterThan(text.indexOf('subject-checksums'));
  });

  it('publishes with provenance what the checksums name', () => {
    const publish = read('.ci/publish');
    expect(publish.indexOf('sha256sum --check SHA256SUMS')).toBeLessThan(publish.indexOf('npm publish'));
    expect(publish).toContain('npm publish --provenance');
    expect(publish).toContain('dist/aws-lambda-authorizer.zip dist/SHA256SUMS');
  });
});

describe('.gitlab-ci.yml', () => {
  it('runs only .ci/run', () => {
    expect(pipeline.parse(parse(read('.gitlab-ci.yml'))).test.script).toEqual(['bash .ci/run']);
  });
});

describe('the forms', () => {
  it('ask for the same on both forges', () => {
    expect(read('.gitlab/merge_request_templates/Default.md')).toBe(read('.github/pull_request_template.md'));
  });

  it.each(['CONTRIBUTING.md', 'SECURITY.md', 'docs/operating.md', 'docs/protocol.md', 'docs/events.md'])(
    'name %s, which exists',
    file => {
      expect(existsSync(`${ROOT}${file}`)).toBe(true);
      const forms = readdirSync(`${ROOT}.github`, { recursive: true, encoding: 'utf8' })
        .filter(path => /\.(?:yml|md)$/.test(path))
        .map(path => read(`.github/${path}`));
      expect(forms.join('\n')).toContain(file);
    },
  );
});

describe('the Node that developers run', () => {
  it('is the line that the scripts run on', () => {
    const { devDependencies } = z
      .object({ devDependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(read('package.json')));
    expect(read('.nvmrc').trim()).toBe(devDependencies.node.split('.')[0]);
  });
});
