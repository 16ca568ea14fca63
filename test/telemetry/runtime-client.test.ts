/** The rules of exporting under AWS's own runtime client: it asks for events in an order of its own, which no emulation proves. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerOf } from '../fault/answers.ts';
import { NODES } from '../fault/authorizer-environment.ts';
import { restEvent } from '../support/events.ts';
import type { Mood } from './collector.ts';
import { buildRuntimeClient } from './runtime-client.ts';
import { type Setting, type Stage, setStage, spansOf } from './stage.ts';

let runtimeClient = '';
let problem: string | undefined;
beforeAll(async () => {
  try {
    runtimeClient = await buildRuntimeClient();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    console.warn(`SKIPPED: AWS's own runtime client cannot be built here, so nothing is proved with it.\n${problem}`);
  }
}, 660_000);
beforeEach(({ skip }) => skip(problem !== undefined, problem));

describe.each([
  ['Node 22', NODES[22]],
  ['Node 24', NODES[24]],
])('under AWS’s own runtime client, %s', (_title, node) => {
  const stageWith = (setting: Setting = {}): Promise<Stage> =>
    setStage({ ...setting, options: { node, runtimeClient } });

  it('the extension is registered before the client asks for its first event: later, Lambda refuses', async () => {
    for (let start = 0; start < 5; start += 1) {
      const { environment } = await stageWith();
      expect(environment.extensions).toEqual(['pingone-authorizer-telemetry']);
    }
  });

  it.each<{ readonly state: string; readonly mood: Mood }>([
    { state: 'takes them at once', mood: { kind: 'takes' } },
    { state: 'is slow', mood: { kind: 'slow', ms: 60 } },
  ])(
    'spans leave after the answer and before the environment is frozen, where the collector $state',
    async ({ mood }) => {
      const stage = await stageWith({ mood });
      for (let round = 1; round <= 3; round += 1) {
        expect(answerOf(await stage.environment.invoke(restEvent())).gets).toBe('PERMIT');
        expect(stage.collector.bodies).toHaveLength(round - 1);
        await stage.environment.idle();
        stage.environment.freeze();
        await spansOf(stage, 3 * round);
        stage.environment.thaw();
      }
    },
  );

  it('nothing is registered where no spans are exported', async () => {
    const stage = await stageWith({ env: { OTEL_SDK_DISABLED: 'true' } });
    expect(stage.environment.extensions).toEqual([]);
    expect(answerOf(await stage.environment.invoke(restEvent())).gets).toBe('PERMIT');
  });
});
