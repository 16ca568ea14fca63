/** What is judged of the shadow: it learns of a request when that has its answer, and no answer learns of it. */
import type { Judge } from './judge.ts';

export const obeyedShadow: Judge = ({ invocations }) =>
  invocations
    .filter(({ answer }) => (JSON.stringify(answer) ?? '').includes('shadow'))
    .map(({ request }) => `the answer to request ${request} holds something of the shadow`);

/** Nothing is repeated there, so that it is asked as often as it was answered at most. */
export const untimelyShadow: Judge = ({ invocations, shadowAttempts }) =>
  shadowAttempts.flatMap(({ request, startedAt }) => {
    const asked = shadowAttempts.filter(other => other.request === request && other.startedAt <= startedAt).length;
    const answered = invocations.filter(
      other => other.request === request && (other.endedAt ?? Number.POSITIVE_INFINITY) <= startedAt,
    ).length;
    return asked <= answered ? [] : [`the shadow was asked about request ${request} before its answer, or twice`];
  });
