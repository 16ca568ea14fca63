/** The rules of exporting under AWS's own runtime client: it asks for events in an order of its own, which no emulation proves. */
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerOf } from '../fault/answers.ts';
import { NODES, VERSIONS } from '../fault/authorizer-environment.ts';
import { restEvent } from '../support/events.ts';
import type { Mood } from './collector.ts';
import { buildRuntimeClient } from './runtime-client.ts';
import { type Setting, type Stage, setStage } from './stage.ts';

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

describe.each(VERSIONS)('under AWS’s own runtime client, Node %i', version => {
  const node = NODES[version];
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
    'sparse spans leave after the answer and before the environment is frozen, if the collector $state',
    async ({ mood }) => {
      const stage = await stageWith({ mood, env: { OTEL_BSP_SCHEDULE_DELAY: '50' } });
      for (let round = 1; round <= 12; round += 1) {
        expect(answerOf(await stage.environment.invoke(restEvent())).gets).toBe('PERMIT');
        expect(stage.collector.bodies).toHaveLength(round - 1);
        await stage.environment.idle();
        stage.environment.freeze();
        expect(stage.collector.spans).toHaveLength(3 * round);
        await delay(100);
        stage.environment.thaw();
      }
    },
  );

  it('what is left after 500 dense decisions leaves on SIGTERM, which then ends the process', async () => {
    const stage = await stageWith({ env: { OTEL_BSP_SCHEDULE_DELAY: '600000' } });
    for (let times = 0; times < 500; times += 1) await stage.environment.invoke(restEvent());
    await stage.environment.idle();
    stage.environment.freeze();
    expect(stage.collector.spans.length).toBeLessThan(1500);
    await stage.environment.close();
    expect(stage.collector.spans).toHaveLength(1500);
    expect(stage.environment.endedBy).toBe('SIGTERM');
  });

  it('nothing is registered where no spans are exported', async () => {
    const stage = await stageWith({ env: { OTEL_SDK_DISABLED: 'true' } });
    expect(stage.environment.extensions).toEqual([]);
    expect(answerOf(await stage.environment.invoke(restEvent())).gets).toBe('PERMIT');
  });
});
