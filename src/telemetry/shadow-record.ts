/** What operators see of the shadow: counts, a line for each disagreement, and a line when it begins to fail. */
import type { BaseConfig } from '../config/configuration.ts';
import type { Counts } from '../domain/call.ts';
import type { Comparison } from '../domain/shadow-comparison.ts';
import { shownId, toHundredths } from './format.ts';
import type { Log } from './log.ts';
import { embedded } from './metrics.ts';

/** The recorder of a shadow. Agreements and failures are counted in the next decision's line, a disagreement in its own. */
export const shadowRecorder = (
  config: BaseConfig,
  log: Log,
  counts: Counts,
  now: () => number,
): ((comparison: Comparison) => void) => {
  /** The reason of the last failure; undefined after a decision. */
  let failingFor: string | undefined;

  const recordDisagreement = ({ kind, pingone, shadow, request, ms }: Comparison & { outcome: 'disagreed' }): void => {
    const { metrics: format, metricsNamespace, platform } = config;
    const metrics =
      format === 'none' ? {} : embedded(metricsNamespace, platform.functionName, '', { ShadowDisagree: 1 }, now());
    const { apiId, stage, route, requestId } = request;
    const whose = { apiId, stage, route: shownId(route), requestId: shownId(requestId) };
    const shadowMs = toHundredths(ms);
    if (log.writes('INFO')) log.record('INFO', 'shadow', { kind, pingone, shadow, shadowMs, ...whose, ...metrics });
    else if (format !== 'none') log.raw(metrics);
  };

  return comparison => {
    if (comparison.outcome === 'failed') {
      counts.shadowFailed += 1;
      if (comparison.code !== failingFor) log.record('WARN', 'shadow-failed', { reasonCode: comparison.code });
      failingFor = comparison.code;
      return;
    }
    failingFor = undefined;
    if (comparison.outcome === 'agreed') counts.shadowAgree += 1;
    else recordDisagreement(comparison);
  };
};
