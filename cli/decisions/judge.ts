/** Whether an answer is what a row expects, and in what two answers differ; header values are compared and never shown. */
import type { Answer } from './answer.ts';
import type { Expectation } from './row.ts';

/** In what the answer is not what was expected, each in a few words; empty if the row passes. */
export const mismatches = (expected: Expectation, answer: Answer): readonly string[] => {
  const { reasonCode } = answer;
  if (!answer.decided && expected.reasonCode !== reasonCode) return [`no decision of the service: ${reasonCode}`];
  if (expected.effect !== answer.effect) return [`expected ${expected.effect}, got ${outlineOf(answer)}`];
  const problems: string[] = [];
  if (expected.status !== undefined && expected.status !== answer.status) {
    problems.push(`expected status ${expected.status}, got ${answer.status}`);
  }
  if (expected.reasonCode !== undefined && expected.reasonCode !== reasonCode) {
    problems.push(`expected ${expected.reasonCode}, got ${reasonCode}`);
  }
  if (expected.changedHeaders !== undefined) problems.push(...headerMismatches(expected.changedHeaders, answer));
  return problems;
};

/** In what two services' answers differ. */
export const differences = (one: Answer, other: Answer): readonly string[] => {
  if (outlineOf(one) !== outlineOf(other)) return [`${outlineOf(one)} / ${outlineOf(other)}`];
  const names = new Set([...one.changedHeaders.keys(), ...other.changedHeaders.keys()]);
  return [...names].filter(name => one.finalValue(name) !== other.finalValue(name)).map(name => `header ${name}`);
};

/** `permit`, `deny 403 POLICY_DENIED`. */
export const outlineOf = ({ effect, status, reasonCode }: Answer): string =>
  effect === 'permit' ? 'permit' : `deny ${status} ${reasonCode}`;

function headerMismatches(expected: ReadonlyMap<string, string | null>, answer: Answer): readonly string[] {
  const problems: string[] = [];
  for (const [name, value] of expected) {
    const final = answer.finalValue(name);
    if (final === value) continue;
    if (final === null) problems.push(`header ${name} is missing`);
    else problems.push(value === null ? `header ${name} is still there` : `header ${name} has another value`);
  }
  for (const name of answer.changedHeaders.keys()) {
    if (!expected.has(name)) problems.push(`header ${name} changed as well`);
  }
  return problems;
}
