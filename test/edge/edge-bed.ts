/** The edge package behind a local CloudFront, asking a scripted PingOne, with an origin that remembers what reached it. */
import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { startCloudFront } from '../../local/cloudfront/distribution.ts';
import { buildEdgePackage, type EdgeSettings, edgeFunctionOptions } from '../../local/cloudfront/edge-function.ts';
import type { OutgoingRequest } from '../../local/gateway/outgoing.ts';
import type { HeaderList } from '../../local/gateway/request.ts';
import { type Environment, startEnvironment } from '../../local/lambda/environment.ts';
import { NODES, type NodeVersion } from '../fault/authorizer-environment.ts';
import { edgePackager } from '../support/edge-packager.ts';
import { type FakePdp, type FakePdpOptions, startFakePdp } from '../support/fake-pdp.ts';
import { type FakeSecretStores, startFakeSecretStores } from '../support/fake-secret-stores.ts';
import { tlsMaterials } from '../support/tls.ts';

export const CREDENTIAL = 'canary-credential-4711';
const SECRET = 'pingone/gateway-credential';

export interface EdgeBed {
  readonly url: string;
  readonly pdp: FakePdp;
  readonly stores: FakeSecretStores;
  readonly environment: Environment;
  /** Every request that reached the origin. */
  readonly origin: readonly OutgoingRequest[];
  /** Why CloudFront itself answered 502 or 503. */
  readonly problems: readonly string[];
}

export interface EdgeBedOptions {
  readonly node?: NodeVersion;
  readonly settings?: EdgeSettings;
  readonly pdp?: FakePdpOptions;
  readonly includeBody?: boolean;
  /** What the parameter store holds. */
  readonly parameters?: readonly (readonly [name: string, value: string])[];
  /** False: there is no secret. */
  readonly stored?: boolean;
  readonly trusted?: boolean;
  /** What the origin answers with. */
  readonly originHeaders?: HeaderList;
}

/** Starts it all on loopback and ends it with the test. */
export const startEdgeBed = async (options: EdgeBedOptions = {}): Promise<EdgeBed> => {
  const pdp = await startFakePdp({ otherwise: { kind: 'permit' }, ...options.pdp });
  onTestFinished(() => pdp.close());
  const stores = await startFakeSecretStores();
  onTestFinished(() => stores.close());
  if (options.stored !== false) stores.put('secretsmanager', SECRET, CREDENTIAL);
  for (const [name, value] of options.parameters ?? []) stores.put('ssm', name, value);
  const settings = {
    PINGONE_SERVICE_URL: pdp.url,
    PINGONE_GATEWAY_CREDENTIAL_SECRET: SECRET,
    PINGONE_CREDENTIAL_REGION: 'eu-west-1',
    PINGONE_PREWARM: false,
    ...options.settings,
  };
  const taskRoot = await buildEdgePackage(settings, await edgePackager());
  onTestFinished(() => rmSync(taskRoot, { recursive: true, force: true }));
  const ca = options.trusted === false ? {} : { NODE_EXTRA_CA_CERTS: tlsMaterials.caFile };
  const environment = await startEnvironment({
    ...edgeFunctionOptions(taskRoot, { ...stores.environment, ...ca }),
    node: NODES[options.node ?? 24],
  });
  onTestFinished(() => environment.close());

  const origin: OutgoingRequest[] = [];
  const problems: string[] = [];
  const server = await startCloudFront({
    invoke: environment.invoke,
    origin: async request => {
      origin.push(request);
      return { status: 200, headers: options.originHeaders ?? [], body: Buffer.from('from the origin') };
    },
    includeBody: options.includeBody ?? false,
    onProblem: problem => void problems.push(problem),
  });
  onTestFinished(() => server.close());
  return { url: server.origin, pdp, stores, environment, origin, problems };
};
