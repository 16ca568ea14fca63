/** Checks docs/operating.md against the reasons, metrics and alarms that it explains. */
import { describe, expect, it } from 'vitest';
import { FAULT_CODES, POLICY_REASONS } from '../../src/domain/errors.ts';
import { METRIC_UNITS } from '../../src/telemetry/names.ts';
import { alarmsTemplate, readMetrics } from './dashboards-alarms.ts';
import { queryProblems } from './dashboards-queries.ts';
import { anchors, runbook, sections } from './dashboards-runbook.ts';

const REASONS = [...POLICY_REASONS, ...FAULT_CODES];

describe('the runbook', () => {
  it.each(REASONS)('says what %s means, what to check and what to do', reason => {
    const section = sections().find(({ title }) => title === `\`${reason}\``);
    for (const part of ['**Means** ', '**Check** ', '**Do** ']) expect(section?.text).toContain(part);
  });

  it('has no section for a reason that does not exist', () => {
    const titles = sections().flatMap(({ title }) => /^`([A-Z_]+)`$/.exec(title)?.[1] ?? []);
    expect(titles.sort()).toEqual(REASONS.toSorted());
  });

  it('explains every metric with its unit, and no other', () => {
    const table = sections().find(({ anchor }) => anchor === 'what-the-metrics-mean')?.text ?? '';
    const rows = [...table.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, unit]) => [name, unit]);
    expect(rows).toEqual(Object.entries(METRIC_UNITS));
  });

  it('has a section for every alarm and no other', () => {
    const documented = anchors().filter(anchor => anchor.startsWith('alarm-'));
    expect(documented).toHaveLength(Object.keys(alarmsTemplate().Resources).length);
  });

  it('states the number of alarms and of the metrics that they read, because both are billed', () => {
    const templateAlarms = Object.values(alarmsTemplate().Resources);
    const read = templateAlarms.flatMap(({ Properties }) =>
      readMetrics(Properties).map(({ Metric, Stat }) => `${Metric.MetricName} ${Stat}`),
    );
    expect(templateAlarms).toHaveLength(7);
    expect(runbook()).toContain(`Seven alarms read ${read.length} metrics`);
    expect(runbook()).toContain(
      `at most ${Object.keys(METRIC_UNITS).length}, plus one \`Deny\` per reason that occurs (${REASONS.length}) and one \`FailClosed\` per fault that occurs (${FAULT_CODES.length})`,
    );
  });

  it('links only to sections that exist', () => {
    const targets = [...runbook().matchAll(/\]\(#([^)]+)\)/g)].map(match => match[1]);
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) expect(anchors()).toContain(target);
    expect(new Set(anchors()).size).toBe(anchors().length);
  });

  it('shows only log queries that ask for fields of the log line', () => {
    const queries = [...runbook().matchAll(/^```logs-insights\n([^`]*)^```$/gm)].map(match => match[1] ?? '');
    expect(queries.length).toBeGreaterThan(3);
    for (const query of queries) expect(queryProblems(query.trim())).toEqual([]);
  });

  it('imports dashboards and alarms from files that are here, with parameters that exist', () => {
    const commands = sections().find(({ anchor }) => anchor === 'import-the-dashboards-and-alarms')?.text ?? '';
    expect(commands).toContain('for name in overview outage; do aws cloudwatch put-dashboard');
    const overrides = /--parameter-overrides (.*)$/m.exec(commands)?.[1] ?? '';
    for (const [, name = ''] of overrides.matchAll(/(\w+)=/g)) expect(alarmsTemplate().Parameters).toHaveProperty(name);
  });
});
