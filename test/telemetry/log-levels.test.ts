/** The rules of the log: what each level lets through, that metrics are no logs, and what Lambda's own settings change. */
import { describe, expect, it } from 'vitest';
import { isRecord, parseJson } from '../../local/loopback.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { restEvent } from '../support/events.ts';
import { dataOf } from './emf.ts';
import { setStage } from './stage.ts';

/** A permit and a denial are INFO, a fault is WARN. */
const SCRIPT: readonly Behaviour[] = [{ kind: 'permit' }, { kind: 'deny' }, { kind: 'reply', status: 500 }];

/** Everything that those three requests made the function write. */
const linesOf = async (env: Readonly<Record<string, string>>, count: number): Promise<readonly string[]> => {
  const { environment } = await setStage({ script: SCRIPT, env: { OTEL_SDK_DISABLED: 'true', ...env } });
  for (const _ of SCRIPT) await environment.invoke(restEvent());
  await environment.close();
  expect(environment.lines.filter(line => !isRecord(parseJson(line)))).toEqual([]);
  expect(environment.lines).toHaveLength(count);
  return environment.lines;
};

const said = (lines: readonly string[]): readonly unknown[] =>
  lines.map(line => {
    const fields = parseJson(line);
    return isRecord(fields) && fields['message'] !== undefined ? `${fields['level']} ${fields['message']}` : 'metrics';
  });

describe('LOG_LEVEL', () => {
  it.each([
    { level: 'DEBUG', lines: ['INFO decision', 'INFO decision', 'WARN decision'] },
    { level: 'INFO', lines: ['INFO decision', 'INFO decision', 'WARN decision'] },
    { level: 'WARN', lines: ['metrics', 'metrics', 'WARN decision'] },
    { level: 'ERROR', lines: ['metrics', 'metrics', 'metrics'] },
    { level: 'SILENT', lines: ['metrics', 'metrics', 'metrics'] },
  ])('$level lets through what it names, and every metric', async ({ level, lines }) => {
    const written = await linesOf({ LOG_LEVEL: level }, 3);
    expect(said(written)).toEqual(lines);
    expect(written.map(line => dataOf(line).length > 0)).toEqual([true, true, true]);
  });

  it.each([
    { lambda: 'ERROR', ours: 'INFO', lines: ['metrics', 'metrics', 'metrics'] },
    { lambda: 'WARN', ours: 'DEBUG', lines: ['metrics', 'metrics', 'WARN decision'] },
    { lambda: 'FATAL', ours: 'INFO', lines: ['metrics', 'metrics', 'metrics'] },
    { lambda: 'TRACE', ours: 'WARN', lines: ['metrics', 'metrics', 'WARN decision'] },
    { lambda: 'DEBUG', ours: 'INFO', lines: ['INFO decision', 'INFO decision', 'WARN decision'] },
  ])('$ours beside AWS_LAMBDA_LOG_LEVEL=$lambda: the less talkative of the two', async ({ lambda, ours, lines }) => {
    expect(said(await linesOf({ LOG_LEVEL: ours, AWS_LAMBDA_LOG_LEVEL: lambda }, 3))).toEqual(lines);
  });
});

describe('METRICS=none', () => {
  it('leaves the decision lines and takes the metrics out', async () => {
    const written = await linesOf({ METRICS: 'none' }, 3);
    expect(said(written)).toEqual(['INFO decision', 'INFO decision', 'WARN decision']);
    expect(written.some(line => /"_aws"|"Permit"|"AuthorizerLatency"|"FunctionName"/.test(line))).toBe(false);
  });

  it('with LOG_LEVEL=SILENT writes nothing at all', async () => {
    await linesOf({ METRICS: 'none', LOG_LEVEL: 'SILENT', DEBUG: 'true' }, 0);
  });
});

describe('DEBUG=true', () => {
  it('adds a record per request beside its decision', async () => {
    const written = await linesOf({ DEBUG: 'true', METRICS: 'none' }, 6);
    expect(said(written)).toEqual([
      'INFO decision',
      'DEBUG exchange',
      'INFO decision',
      'DEBUG exchange',
      'WARN decision',
      'DEBUG exchange',
    ]);
  });
});

it("Lambda's JSON log format leaves the lines as they are, so that CloudWatch finds the metrics", async () => {
  const written = await linesOf({ AWS_LAMBDA_LOG_FORMAT: 'JSON' }, 3);
  expect(said(written)).toEqual(['INFO decision', 'INFO decision', 'WARN decision']);
  expect(written.map(line => dataOf(line).length > 0)).toEqual([true, true, true]);
});
