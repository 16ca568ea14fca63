/** edge: warm decisions of the Lambda@Edge package beside the API Gateway zip and the bare call. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEdgePackage, edgeFunctionOptions } from '../../local/cloudfront/edge-function.ts';
import { viewerRequest } from '../../test/edge/viewer-request.ts';
import { EVENT, effectOf, type ProbedEnvironment, startProbed, variablesFor } from '../bed/function.ts';
import { inRounds } from '../bed/rounds.ts';
import { type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER } from '../bed/task-root.ts';
import type { Probed } from '../probe.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { curve } from '../statistics.ts';
import { BARE, bare } from '../variants.ts';

const CONDITION = '0 ms service';
const FOLDER = 'aws-lambda-edge';
const EDGE = `${FOLDER}/src/aws-lambda-edge`;

interface Subject {
  readonly name: string;
  readonly probed: ProbedEnvironment;
  readonly event: unknown;
  readonly permitted: (answer: Probed) => boolean;
}

export const edge: Scenario = {
  name: 'edge',
  title: 'At the edge',
  question: 'Does a warm decision cost more at the edge than behind API Gateway?',
  run: async bench => {
    const services = await startServices();
    bench.defer(services.end);
    bench.say('building the edge package');
    await addEdgePackage(bench, services);
    const variants = await startAll(bench, services);
    bench.say('warming up');
    for (const variant of variants) await takeRound(variant, bench.pick(150, 300));
    const { rounds, calls } = bench.pick({ rounds: 3, calls: 120 }, { rounds: 5, calls: 200 });
    bench.say(`${rounds} rounds of ${calls} calls, ${variants.length} variants`);
    const taken = await inRounds(variants, { rounds }, variant => takeRound(variant, calls));
    const measurements = [...taken].map(
      ([{ name: variant }, samples]): Measurement => ({
        condition: CONDITION,
        variant,
        metric: 'decision',
        unit: 'ms',
        control: BARE,
        rounds: samples,
      }),
    );
    return {
      measurements,
      figures: [
        {
          kind: 'percentiles',
          title: 'Warm decisions at the edge, 0 ms service time',
          caption: 'Time inside the function, of the edge package and of the zip for API Gateway.',
          unit: 'ms',
          lines: measurements.map(({ variant, rounds: samples }) => ({ name: variant, points: curve(samples.flat()) })),
        },
      ],
      values: {},
      notes: [
        'The edge package is built for the run, has the heap of a 128 MB function and its credential from a secret, read before the measurement; neither variant exports spans.',
        'The edge is asked with a CloudFront event, the others with a REST event; the smaller share of a core that 128 MB get is not imitated.',
      ],
    };
  },
};

/** Builds the package and puts it beside the probe, which times it. */
async function addEdgePackage({ taskRoot }: Bench, { serviceUrl }: Services): Promise<void> {
  const built = await buildEdgePackage({
    PINGONE_SERVICE_URL: serviceUrl,
    PINGONE_GATEWAY_CREDENTIAL_SECRET: 'bench',
    PINGONE_CREDENTIAL_REGION: 'eu-west-1',
  });
  await cp(join(built, FOLDER), join(taskRoot, FOLDER), { recursive: true });
  await rm(built, { recursive: true, force: true });
}

async function startAll(bench: Bench, services: Services): Promise<readonly Subject[]> {
  const start = async (module: string, options: Parameters<typeof startProbed>[1]): Promise<ProbedEnvironment> => {
    const probed = await startProbed(module, options);
    bench.defer(probed.environment.close);
    return probed;
  };
  const gateway = { taskRoot: bench.taskRoot, env: variablesFor(services) };
  const edge = edgeFunctionOptions(bench.taskRoot, {
    ...services.storeVariables,
    NODE_EXTRA_CA_CERTS: services.caFile,
  });
  return [
    { name: 'edge package', probed: await start(EDGE, edge), event: viewerRequest(), permitted: isLetThrough },
    { name: 'API Gateway zip', probed: await start(AUTHORIZER, gateway), event: EVENT, permitted: isAllowed },
    { name: BARE, probed: await start(bare.module, gateway), event: EVENT, permitted: isAllowed },
  ];
}

async function takeRound({ name, probed, event, permitted }: Subject, calls: number): Promise<readonly number[]> {
  const inside: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const answer = await probed.ask(event);
    if (!permitted(answer)) throw new Error(`${name}: expected a permit, got ${JSON.stringify(answer)}`);
    inside.push(answer.ms);
  }
  return inside;
}

function isAllowed(answer: Probed): boolean {
  return effectOf(answer) === 'Allow';
}

/** A permit is the request itself, on its way to the origin; a refusal is a response. */
function isLetThrough({ answer }: Probed): boolean {
  return typeof answer === 'object' && answer !== null && 'uri' in answer && !('status' in answer);
}
