/** The world outside the function, in a process of its own: the policy service over TLS, an AuthZEN service, trace collectors, both secret stores. */
import type { Behaviour } from '../../test/support/behaviours.ts';
import { startFakePdp } from '../../test/support/fake-pdp.ts';
import { startFakeSecretStores } from '../../test/support/fake-secret-stores.ts';
import { tlsMaterials } from '../../test/support/tls.ts';
import { startAuthzenService } from './authzen-service.ts';
import { answerCalls } from './child.ts';
import { startCollectors } from './collectors.ts';
import type { ServiceCounts, ServicesReady } from './services.ts';

/** A credential of the length of a real one. */
const CREDENTIAL = 'c'.repeat(256);

const pdp = await startFakePdp({ tls: tlsMaterials.good, rememberCalls: false, otherwise: { kind: 'permit' } });
const stores = await startFakeSecretStores();
stores.put('secretsmanager', 'bench', CREDENTIAL);
stores.put('ssm', '/bench', CREDENTIAL);

const collectors = await startCollectors();
const authzen = await startAuthzenService(tlsMaterials.good);

const ready: ServicesReady = {
  serviceUrl: pdp.url,
  credential: CREDENTIAL,
  caFile: tlsMaterials.caFile,
  authzenUrl: authzen.url,
  collectors: collectors.origins,
  storeVariables: stores.environment,
};

answerCalls({
  ready: () => ready,
  behave: behaviour => {
    if (!isBehaviour(behaviour)) throw new Error('not a behaviour');
    pdp.otherwise(behaviour);
    authzen.answerAfter(behaviour.kind === 'slow' ? behaviour.ms : 0);
  },
  stop: () => pdp.stop(),
  restart: () => pdp.restart(),
  counts: (): ServiceCounts => ({
    calls: pdp.callCount,
    connections: pdp.connections.opened,
    open: pdp.connections.open,
    exported: collectors.taken(),
    violations: pdp.violations.length,
  }),
});

/** The scenarios are the only callers, and behaviours are data. */
function isBehaviour(value: unknown): value is Behaviour {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
