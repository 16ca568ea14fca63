/** Runs the authorizer as a library with a scripted PDP on real sockets, and collects its answers and log lines. */
import { onTestFinished } from 'vitest';
import { createAuthorizer, loadConfig } from '../../src/index.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { type FakePdp, startFakePdp } from '../support/fake-pdp.ts';

export const CREDENTIAL = 'canary-credential';

/** One invocation as API Gateway sees it: a result, or an error's message. */
export type Answer = { readonly result: unknown } | { readonly error: string };

export interface Stage {
  readonly pdp: FakePdp;
  readonly lines: readonly string[];
  /** Answers one event with one behaviour of PingOne. */
  play(behaviour: Behaviour, event: unknown): Promise<Answer>;
  answer(event: unknown): Promise<Answer>;
}

export type Environment = Readonly<Record<string, string>>;

/** One attempt and no breaker, so that exchanges do not affect each other. A test's own variables override these. */
const ALONE: Environment = { PINGONE_RETRIES: '0', BREAKER_ENABLED: 'false', PINGONE_PREWARM: 'false' };

/** For `beforeAll`, where no test ends it: the caller closes the PDP. */
export const openStage = async (environment: Environment = {}): Promise<Stage> => {
  const pdp = await startFakePdp();
  const lines: string[] = [];
  const config = loadConfig({
    PINGONE_SERVICE_URL: pdp.url,
    PINGONE_GATEWAY_CREDENTIAL: CREDENTIAL,
    ...ALONE,
    ...environment,
  });
  const authorizer = createAuthorizer(config, { writeLine: line => lines.push(line) });
  const answer = async (event: unknown): Promise<Answer> => {
    try {
      return { result: await authorizer(event, { awsRequestId: 'lambda-1' }) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : 'no error' };
    }
  };
  return {
    pdp,
    lines,
    answer,
    play: (behaviour, event) => {
      pdp.script(behaviour);
      return answer(event);
    },
  };
};

/** A stage that ends with the test. */
export const setStage = async (environment: Environment = {}): Promise<Stage> => {
  const stage = await openStage(environment);
  onTestFinished(() => stage.pdp.close());
  return stage;
};
