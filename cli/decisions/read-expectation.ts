/** What a row expects, read from its keys. */
import { isScalar, type Node } from 'yaml';
import { FAULT_CODES, POLICY_REASONS, type ReasonCode } from '../../src/domain/errors.ts';
import { suggestion } from '../nearest.ts';
import type { Expectation } from './row.ts';
import type { YamlReader } from './yaml-nodes.ts';

/** Undefined if it cannot be read, which has then been reported. */
export const readExpectation = (
  yaml: YamlReader,
  row: ReadonlyMap<string, Node | undefined>,
): Expectation | undefined => {
  const effect = row.has('expect') ? yaml.text(row.get('expect'), 'expect') : undefined;
  const status = row.has('status') ? statusIn(yaml, row.get('status')) : undefined;
  const reasonCode = row.has('reasonCode') ? reasonIn(yaml, row.get('reasonCode')) : undefined;
  const changedHeaders = row.has('changedHeaders') ? headersIn(yaml, row.get('changedHeaders')) : undefined;
  if (effect === undefined) return undefined;
  if (!isEffect(effect)) {
    yaml.report(row.get('expect'), 'expect is permit or deny.');
    return undefined;
  }
  refuseForeign(yaml, row, effect);
  return { effect, status, reasonCode, changedHeaders };
};

const REASONS: readonly string[] = [...POLICY_REASONS, ...FAULT_CODES];

function isEffect(text: string): text is Expectation['effect'] {
  return text === 'permit' || text === 'deny';
}

function isReason(text: string): text is ReasonCode {
  return REASONS.includes(text);
}

function refuseForeign(
  yaml: YamlReader,
  row: ReadonlyMap<string, Node | undefined>,
  effect: Expectation['effect'],
): void {
  const foreign = effect === 'permit' ? ['status', 'reasonCode'] : ['changedHeaders'];
  for (const name of foreign.filter(key => row.has(key))) yaml.report(row.get(name), `a ${effect} has no ${name}.`);
}

function statusIn(yaml: YamlReader, node: Node | undefined): number | undefined {
  const status = Number(yaml.text(node, 'status'));
  if (Number.isInteger(status) && status >= 400 && status <= 599) return status;
  yaml.report(node, 'status is a whole number from 400 to 599: that of the denial.');
  return undefined;
}

function reasonIn(yaml: YamlReader, node: Node | undefined): ReasonCode | undefined {
  const code = yaml.text(node, 'reasonCode');
  if (code === undefined || isReason(code)) return code;
  yaml.report(node, `there is no reason code ${code}. ${suggestion(code, REASONS)}`);
  return undefined;
}

function headersIn(yaml: YamlReader, node: Node | undefined): ReadonlyMap<string, string | null> {
  const headers = yaml.members(node, 'changedHeaders', undefined).map(({ name, node: value }) => {
    const removed = value === undefined || (isScalar(value) && value.value === null);
    return [name.toLowerCase(), removed ? null : (yaml.text(value, name) ?? '')] as const;
  });
  return new Map(headers);
}
