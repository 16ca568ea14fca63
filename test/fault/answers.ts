/** What an invocation came to, and what the function wrote about it. */

import type { InvokeResult } from '../../local/lambda/invocation.ts';
import { isRecord, parseJson } from '../../local/loopback.ts';

export interface Answer {
  /** The context's `reasonCode`, or what was thrown: its code, or `Unauthorized`. */
  readonly gets: string;
  readonly thrown: boolean;
  /** `Allow`, `Deny`, or undefined where something was thrown. */
  readonly effect: unknown;
  readonly resource: unknown;
  readonly context: Readonly<Record<string, unknown>>;
}

const member = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** Reads an IAM answer or a thrown error. */
export const answerOf = (result: InvokeResult): Answer => {
  if (!result.ok) {
    const [code = ''] = result.errorMessage.split(':', 1);
    const gets = result.errorType.startsWith('Runtime.') || result.errorType.startsWith('Sandbox.');
    return { gets: gets ? result.errorType : code, thrown: true, effect: undefined, resource: undefined, context: {} };
  }
  const statements = member(member(result.payload, 'policyDocument'), 'Statement');
  const statement: unknown = Array.isArray(statements) && statements.length === 1 ? statements[0] : undefined;
  const context = member(result.payload, 'context');
  return {
    gets: String(member(context, 'reasonCode')),
    thrown: false,
    effect: member(statement, 'Effect'),
    resource: member(statement, 'Resource'),
    context: isRecord(context) ? context : {},
  };
};

/** The JSON lines with this `message`, in order. */
export const recordsOf = (lines: readonly string[], message: string): readonly Readonly<Record<string, unknown>>[] =>
  lines.map(parseJson).filter((line): line is Readonly<Record<string, unknown>> => member(line, 'message') === message);
