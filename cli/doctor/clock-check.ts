/** Whether the clock of this machine agrees with the service's. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { type Finding, fail, ok, skipped } from './finding.ts';

export const CLOCK_CHECK = 'clock';

/** Compares the `Date` of an answer to a HEAD request, which carries no credential. */
export const clockFinding = async (config: AuthorizerConfig, clock: Clock): Promise<Finding> => {
  const date = await dateOf(config, clock);
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return skipped(CLOCK_CHECK, 'the service does not say what time it is');
  const seconds = Math.round((clock.now() - theirs) / 1000);
  if (Math.abs(seconds) <= LARGEST_SKEW_SECONDS)
    return ok(CLOCK_CHECK, `within ${LARGEST_SKEW_SECONDS} s of the service's`);
  return fail(
    CLOCK_CHECK,
    `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the service's`,
    'Set the clock of this machine: tokens, certificates and signatures of AWS are judged by it.',
  );
};

/** What verifiers of tokens commonly allow. */
const LARGEST_SKEW_SECONDS = 60;

function dateOf({ transport }: AuthorizerConfig, clock: Clock): Promise<string | undefined> {
  const { serviceUrl, requestTimeoutMs } = transport;
  const request = serviceUrl.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise(resolve => {
    const head = request(serviceUrl.origin + serviceUrl.pathname, {
      method: 'HEAD',
      agent: false,
      rejectUnauthorized: true,
    });
    const cancel = clock.after(requestTimeoutMs, () => head.destroy(new Error('too late')));
    head.once('response', response => {
      cancel();
      resolve(response.headers.date);
      response.resume();
      head.destroy();
    });
    head.on('error', () => {
      cancel();
      resolve(undefined);
    });
    head.end();
  });
}
