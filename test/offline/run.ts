/** `npm run test:offline`: the built authorizer under serverless-offline; apart from `npm test` because that is a 136 MB install. */
import { listenOnLoopback } from '../../local/loopback.ts';
import type { Policy } from '../../local/policy/policy.ts';
import { startPolicyService } from '../../local/policy/policy-service.ts';
import { CHECKS, type Stage } from './checks.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { install } from './install.ts';
import { writeService } from './service.ts';

const denied = { status: 403, code: 'ACCESS_FAILED', message: 'You do not have access to this resource.' };
const read = { name: 'read', methods: ['GET'], path: '/**', scopes: ['orders:read'], roles: [], denied };
const POLICY: Policy = {
  realm: 'https://shop.example/api',
  services: [
    {
      name: 'Orders',
      basePaths: ['/rest/orders', '/rest/witnessed', '/http/orders', '/http/witnessed'],
      operations: [{ ...read, setHeaders: { 'X-Customer-Tier': '{tier}' } }],
    },
    // serverless-offline calls every stage of a WebSocket API local.
    { name: 'Live updates', basePaths: ['/local'], operations: [{ ...read, setHeaders: {} }] },
  ],
};

/** Ports that were free a moment ago, all different: each is held until the last is known. */
const freePorts = async (): Promise<Stage['ports']> => {
  const held = await Promise.all([1, 2, 3].map(() => listenOnLoopback(() => undefined)));
  await Promise.all(held.map(({ close }) => close()));
  const [http = 0, lambda = 0, websocket = 0] = held.map(({ port }) => port);
  return { http, lambda, websocket };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const runChecks = async (stage: Stage): Promise<number> => {
  let failed = 0;
  for (const { title, run } of CHECKS) {
    try {
      await run(stage);
      console.log(`ok      ${title}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${title}\n        ${messageOf(error).replaceAll('\n', '\n        ')}`);
    }
  }
  return failed;
};

const main = async (ends: (() => Promise<void>)[]): Promise<number> => {
  const { folder, seconds } = await install();
  console.log(seconds === 0 ? `serverless-offline from ${folder}` : `installed in ${seconds.toFixed(1)} s: ${folder}`);
  const policy = await startPolicyService({ policy: POLICY });
  ends.unshift(policy.close);
  const ports = await freePorts();
  const environment = {
    PINGONE_SERVICE_URL: policy.serviceUrl,
    PINGONE_GATEWAY_CREDENTIAL: policy.credential,
    FORWARD_HEADERS: 'x-customer-tier',
  };
  const service = await writeService({ installation: folder, ports, environment });
  ends.unshift(service.remove);
  const gateway = await startGatewayProcess(folder, service.folder);
  ends.unshift(gateway.stop);
  const failed = await runChecks({ ports, policy, eventsFile: service.eventsFile });
  if (failed > 0) console.log(`\nserverless-offline printed:\n${gateway.output()}`);
  return failed;
};

// An exit of our own ends the gateway's processes, a signal's would not.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const ends: (() => Promise<void>)[] = [];
try {
  const failed = await main(ends);
  console.log(`${CHECKS.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.error(messageOf(error));
  console.log(`0 passed, ${CHECKS.length} failed`);
  process.exitCode = 1;
} finally {
  for (const end of ends) await end().catch((error: unknown) => console.error(messageOf(error)));
}
