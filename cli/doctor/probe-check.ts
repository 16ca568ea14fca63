/** Asks about a URL of the user's without a token, and says what the answer means for the set-up. */
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Deny } from '../../src/domain/decision.ts';
import type { ReasonCode } from '../../src/domain/errors.ts';
import { openService } from '../service/ask.ts';
import { UNNAMED_CLIENT } from '../service/rest-event.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export const PROBE_CHECK = 'probe';

/** @param credential the one that was found, so that the store is not asked twice. */
export const probeFinding = async (
  url: string,
  config: AuthorizerConfig,
  credential: string,
  clock: Clock,
): Promise<Finding> => {
  const ask = openService({ ...config, credential: { store: 'environment', value: credential } });
  const started = clock.elapsed();
  const { decision } = await ask({ method: 'GET', url, headers: [], sourceIp: UNNAMED_CLIENT });
  return decision.effect === 'permit'
    ? warn(
        PROBE_CHECK,
        'PingOne permits GET of this URL without a token',
        'If it is not meant to be public, have its API service ask for a token.',
      )
    : ofDenial(decision, clock.elapsed() - started);
};

function ofDenial(denial: Deny, ms: number): Finding {
  const { reasonCode, challenge } = denial;
  const status = denial.answer?.status ?? denial.status;
  if (reasonCode === 'UNAUTHENTICATED' || reasonCode === 'STEP_UP_REQUIRED') {
    return challenge === undefined
      ? warn(
          PROBE_CHECK,
          'PingOne answers 401 without a challenge',
          'Clients cannot tell what is wanted: look at the policy.',
        )
      : ok(PROBE_CHECK, 'PingOne asks for a token (401 with a challenge)', ms);
  }
  if (reasonCode === 'POLICY_DENIED' && status === 404) {
    return fail(
      PROBE_CHECK,
      'no API service has a base URL that this URL begins with (404)',
      'Add to the API service in PingOne the beginning of what clients type, stage or custom domain included, and deploy it.',
    );
  }
  if (reasonCode === 'POLICY_DENIED') {
    return warn(
      PROBE_CHECK,
      `PingOne denies with ${status} instead of asking for a token`,
      'Look at the decision in PingOne; a rule may come before the token.',
    );
  }
  return fail(
    PROBE_CHECK,
    FAULTS[reasonCode]?.[0] ?? `no decision: ${denial.reason} (${reasonCode})`,
    FAULTS[reasonCode]?.[1] ?? RUNBOOK,
  );
}

const RUNBOOK = 'docs/operating.md has a paragraph for this reason code.';

const FAULTS: Readonly<Partial<Record<ReasonCode, readonly [says: string, remedy: string]>>> = {
  CREDENTIAL_REFUSED: [
    'the service refuses the credential (401 or 403 of the call itself)',
    'Put a credential of this API gateway into the store; if it is PingAuthorize, look at PINGONE_CREDENTIAL_HEADER.',
  ],
  PDP_RATE_LIMITED: [
    'the service limits the rate (429)',
    'Wait and try again; if it stays, ask Ping to raise the limit of the licence.',
  ],
  PDP_TIMEOUT: [
    'the service did not answer in time',
    'Look at its health; PINGONE_REQUEST_TIMEOUT_MS and AUTHORIZER_DEADLINE_MS are the limits.',
  ],
  PDP_ERROR: ['the service answered with an error (5xx)', "Look at its health and at PingOne's status page."],
  PDP_REJECTED: [
    'the service answered neither with a decision nor with an error that it should have',
    'Copy PINGONE_SERVICE_URL again: something else seems to answer there.',
  ],
  PDP_BAD_REPLY: [
    'the service answered 200 with something that is no decision',
    'Copy PINGONE_SERVICE_URL again: something else seems to answer there.',
  ],
};
