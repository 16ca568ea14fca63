/** edge: warm decisions of the Lambda@Edge package beside the API Gateway zip and the bare call. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEdgePackage, edgeFunctionOptions } from '../../local/cloudfront/edge-function.ts';
import { viewerRequest } from '../../test/edge/viewer-request.ts';
import { EVENT, effectOf, type ProbedEnvironment, startProbed, variablesFor } from '../bed/function.ts';
import { type Services, startServices } from '../bed/services.ts';
import { AUTHORIZER, controlModule } from '../bed/task-root.ts';
import type { Probed } from '../probe.ts';
import type { Bench, Measurement, Scenario } from '../scenario.ts';
import { curve } from '../statistics.ts';

const BARE = 'bare node:https, keep-alive';
const CONDITION = '0 ms service';
const FOLDER = 'aws-lambda-edge';
const EDGE = `${FOLDER}/src/aws-lambda-edge`;

interface Variant {
  readonly name: string;
  readonly probed: ProbedEnvironment;
  readonly event: unknown;
  readonly permitted: (answer: Probed) => boolean;
}

const allowed = (answer: Probed): boolean => effectOf(answer) === 'Allow';

/** A permit is the request itself, on its way to the origin; a refusal is a response. */
const letThrough = ({ answer }: Probed): boolean =>
  typeof answer === 'object' && answer !== null && 'uri' in answer && !('status' in answer);

/** Builds the package and puts it beside the probe, which times it. */
const addEdgePackage = async ({ taskRoot }: Bench, { serviceUrl }: Services): Promise<void> => {
  const built = await buildEdgePackage({
    PINGONE_SERVICE_URL: serviceUrl,
    PINGONE_GATEWAY_CREDENTIAL_SECRET: 'bench',
    PINGONE_CREDENTIAL_REGION: 'eu-west-1',
  });
  await cp(join(built, FOLDER), join(taskRoot, FOLDER), { recursive: true });
  await rm(built, { recursive: true, force: true });
};

const startAll = async (bench: Bench, services: Services): Promise<readonly Variant[]> => {
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
    { name: 'edge package', probed: await start(EDGE, edge), event: viewerRequest(), permitted: letThrough },
    { name: 'API Gateway zip', probed: await start(AUTHORIZER, gateway), event: EVENT, permitted: allowed },
    { name: BARE, probed: await start(controlModule('bare'), gateway), event: EVENT, permitted: allowed },
  ];
};

const takeRound = async ({ name, probed, event, permitted }: Variant, calls: number): Promise<readonly number[]> => {
  const inside: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const answer = await probed.ask(event);
    if (!permitted(answer)) throw new Error(`${name}: expected a permit, got ${JSON.stringify(answer)}`);
    inside.push(answer.ms);
  }
  return inside;
};

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
    const taken = new Map(variants.map(({ name }): [string, (readonly number[])[]] => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      const first = round % variants.length;
      for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
        taken.get(variant.name)?.push(await takeRound(variant, calls));
      }
    }
    const measurements = [...taken].map(
      ([variant, samples]): Measurement => ({
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
