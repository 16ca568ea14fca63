/** The commands of docs/edge.md: those that run here are run as printed, those for AWS are held against what they name. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadEdgeConfig } from '../../src/edge/settings.ts';
import { CHANGEABLE, isChangeable } from '../../src/edge/settings-source.ts';
import { example } from '../deploy/templates.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GUIDE = readFileSync(join(ROOT, 'docs/edge.md'), 'utf8');

/** The text of every block of a language, without its indentation. */
const blocks = (language: string): readonly string[] =>
  [...GUIDE.matchAll(new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(
    ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

const commands = blocks('sh');
const lines = commands.flatMap(block => block.split('\n')).filter(line => line !== '');
const forAws = lines.filter(line => /^(?:(?:aws|for|curl) |\w+=)/.test(line));

/** A folder that looks like the repository, for what the commands write. */
const checkout = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-guide-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of readdirSync(ROOT)) {
    if (!['dist', 'edge.json', '.git'].includes(name)) symlinkSync(join(ROOT, name), join(folder, name));
  }
  return folder;
};

describe('the guide to the edge', () => {
  it('has no command but those that run here and those for AWS', () => {
    const others = commands.filter(block => !block.split('\n').every(line => line === '' || forAws.includes(line)));
    expect(others.map(block => block.split('\n')[0])).toEqual([
      "cat > edge.json <<'END'",
      'npm run package:edge -- --config edge.json --memory 256 --timeout 10',
    ]);
  });

  it('builds the zip with its commands, run as printed', () => {
    const cwd = checkout();
    for (const block of commands.filter(text => text.includes('npm run package:edge'))) {
      const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', block], { cwd, encoding: 'utf8' });
      expect([status, stderr], block).toEqual([
        0,
        expect.stringMatching(block.includes('--memory') ? /warning/ : /^$/),
      ]);
      expect(stdout).toContain('Handler: aws-lambda-edge/src/aws-lambda-edge.handler');
    }
    expect(existsSync(join(cwd, 'dist/aws-lambda-edge.zip'))).toBe(true);
  });

  it.each(forAws)('has a command that a shell can read: %s', line => {
    expect(spawnSync('bash', ['-n', '-c', line], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('deploys with every parameter that the template demands, each as the template takes it', () => {
    const deploy = lines.find(line => line.startsWith('aws cloudformation deploy')) ?? '';
    const given = new Map(
      [...deploy.matchAll(/ ([A-Z]\w+)=("[^"]*"|\S+)/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const { Parameters } = example('edge');
    const required = Object.keys(Parameters).filter(name => Parameters[name]?.['Default'] === undefined);
    expect(required.filter(name => !given.has(name))).toEqual([]);
    for (const [name, value] of given) {
      expect(Parameters, name).toHaveProperty(name);
      const pattern = Parameters[name]?.['AllowedPattern'];
      if (!value.startsWith('"$(')) expect(value, name).toMatch(new RegExp(String(pattern ?? '')));
    }
    expect(deploy).toContain('--region us-east-1');
  });

  it('stores settings that the function takes', () => {
    const value =
      /--value '([^']+)'/.exec(lines.find(line => line.startsWith('aws ssm put-parameter')) ?? '')?.[1] ?? '';
    const stored = Object.entries<unknown>(JSON.parse(value)).map(
      ([name, setting]) => [name, String(setting)] as const,
    );
    expect(stored.map(([name]) => name).filter(name => !isChangeable(name))).toEqual([]);
    const baked = JSON.parse(/\{[\s\S]*?\}/.exec(commands.find(block => block.startsWith('cat ')) ?? '')?.[0] ?? '{}');
    expect(loadEdgeConfig({ ...baked, ...Object.fromEntries(stored) }).config.valid).toBe(true);
    const [browsers = '{}'] = blocks('json');
    expect(loadEdgeConfig({ ...baked, ...JSON.parse(browsers) }).config.valid).toBe(true);
  });

  it('lists what may change without a new version, and nothing else', () => {
    const [, section = ''] = /### Settings without a new version\n+([\s\S]*?)Name a place/.exec(GUIDE) ?? [];
    expect([...section.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)).toEqual(CHANGEABLE);
  });

  it('looks for the log group where the template’s function writes it', () => {
    const name = String(example('edge').Resources['EdgeFunction']?.Properties['FunctionName']?.['Fn::Sub' as never]);
    expect(name).toMatch(/-edge$/);
    expect(GUIDE).toContain('/aws/lambda/us-east-1.guarded-shop-edge');
  });
});
