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
  jobs: z.record(z.string(), z.object({ steps: z.array(step), 'timeout-minutes': z.number() })),
});
const pipeline = z.object({ test: z.object({ script: z.array(z.string()) }) });

const WORKFLOWS = readdirSync(`${ROOT}.github/workflows`);

describe.each(WORKFLOWS)('.github/workflows/%s', name => {
  const text = read(`.github/workflows/${name}`);
  const { permissions, jobs } = workflow.parse(parse(text));
  const steps = Object.values(jobs).flatMap(job => job.steps);

  it('runs only .ci/run, so that a failed run can be repeated locally', () => {
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['bash .ci/run']);
  });

  it('pins actions by their full commit, because a tag can be moved, and names the version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter(uses => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
    expect(text.match(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)).toHaveLength(used.length);
  });

  it('may only read the code', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(text).not.toMatch(/pull_request_target|secrets\./);
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
