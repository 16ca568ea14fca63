/** The world outside the function, in a process of its own: the policy service over TLS, a trace collector, both secret stores. */
import { listenOnLoopback, readBody } from '../../local/loopback.ts';
import type { Behaviour } from '../../test/support/behaviours.ts';
import { startFakePdp } from '../../test/support/fake-pdp.ts';
import { startFakeSecretStores } from '../../test/support/fake-secret-stores.ts';
import { tlsMaterials } from '../../test/support/tls.ts';
import { answerCalls } from './child.ts';
import type { ServiceCounts, ServicesReady } from './services.ts';

/** A credential of the length of a real one. */
const CREDENTIAL = 'c'.repeat(256);

const pdp = await startFakePdp({ tls: tlsMaterials().good, rememberCalls: false, otherwise: { kind: 'permit' } });
const stores = await startFakeSecretStores();
stores.put('secretsmanager', 'bench', CREDENTIAL);
stores.put('ssm', '/bench', CREDENTIAL);

const exported = { requests: 0, bytes: 0 };
const collector = await listenOnLoopback(async (request, response) => {
  const body = await readBody(request);
  exported.requests += 1;
  exported.bytes += body?.length ?? 0;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{}');
});

const ready: ServicesReady = {
  serviceUrl: pdp.url,
  credential: CREDENTIAL,
  caFile: tlsMaterials().caFile,
  collectorUrl: collector.origin,
  storeVariables: stores.environment,
};

/** The scenarios are the only callers, and behaviours are data. */
const isBehaviour = (value: unknown): value is Behaviour =>
  typeof value === 'object' && value !== null && 'kind' in value;

answerCalls({
  ready: () => ready,
  behave: behaviour => {
    if (!isBehaviour(behaviour)) throw new Error('not a behaviour');
    pdp.otherwise(behaviour);
  },
  stop: () => pdp.stop(),
  restart: () => pdp.restart(),
  counts: (): ServiceCounts => ({
    calls: pdp.callCount,
    connections: pdp.connections.opened,
    open: pdp.connections.open,
    exports: exported.requests,
    exportedBytes: exported.bytes,
    violations: pdp.violations.length,
  }),
});
