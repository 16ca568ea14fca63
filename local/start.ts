/** `npm start`: a REST, an HTTP and a WebSocket API on loopback in front of a demo backend, guarded by the built authorizer. */
import { startAuthorizerFunctions } from './authorizer-functions.ts';
import { startBackend } from './backend.ts';
import { startEdgeDemo } from './cloudfront/demo.ts';
import { inkFor } from './console/ink.ts';
import { createLiveLog } from './console/live-log.ts';
import { type Row, welcome } from './console/welcome.ts';
import { CONTROL_PATH, controlEndpoint } from './control-endpoint.ts';
import { startDashboard } from './dashboard/dashboard.ts';
import { type DecisionSource, openDecisionSource, POLICY_FILE } from './decision-source.ts';
import {
  GATEWAY_RESPONSES,
  HTTP_API,
  headerNames,
  httpMapping,
  REST_API,
  restMapping,
  STEP_UP_RESOURCE,
  WEBSOCKET_API,
} from './demo-apis.ts';
import { demoRequests, pingOneRequests } from './demo-requests.ts';
import { createHttpApi } from './gateway/http-api.ts';
import { httpBackend } from './gateway/outgoing.ts';
import { splitTarget } from './gateway/request.ts';
import { createRestApi, type Gateway } from './gateway/rest-api.ts';
import { type GatewayServerOptions, startGatewayServer } from './gateway/server.ts';
import { createWebSocketApi } from './gateway/websocket-api.ts';
import { isPortTaken, type LoopbackServer } from './loopback.ts';
import { COMMANDS } from './policy/control.ts';
import { readSettings, type Settings } from './settings.ts';

const DEFAULT_FORWARD_HEADERS = 'x-customer-tier,x-subject';
const REMEMBERED_REQUESTS = 1000;

const ink = inkFor(process.stdout.isTTY === true, process.env['NO_COLOR']);
const requests = new Map<string, string>();
const log = createLiveLog({
  write: text => process.stdout.write(`${text}\n`),
  ink,
  requestOf: requestId => requests.get(requestId),
  now: () => new Date(),
});

/** What has been started, in the order in which it can be ended: last first. */
const running: (() => Promise<void>)[] = [];

const stop = async (): Promise<void> => {
  for (const close of running.splice(0).reverse()) await close();
};

const started = <T extends { close(): Promise<void> }>(part: T): T => {
  running.push(() => part.close());
  return part;
};

/** Remembers verb and path of each request for the log; never the query. */
const remembered =
  (gateway: Gateway): Gateway =>
  (request, body) => {
    requests.set(request.requestId, `${request.method} ${splitTarget(request.target).path}`);
    if (requests.size > REMEMBERED_REQUESTS) requests.delete(requests.keys().next().value ?? '');
    return gateway(request, body);
  };

const listen = async (options: GatewayServerOptions, port: number): Promise<LoopbackServer> => {
  try {
    return await startGatewayServer({ ...options, port });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new Error(
      `port ${port} is taken: end what listens there, or choose another one (PORT=${port + 100} npm start)`,
    );
  }
};

/** The HTTP API takes the port after PORT, and any free one where that is taken. */
const listenNear = (options: GatewayServerOptions, port: number): Promise<LoopbackServer> =>
  port > 65_535 ? startGatewayServer(options) : listen(options, port).catch(() => startGatewayServer(options));

const rowsOf = (
  rest: LoopbackServer,
  http: LoopbackServer,
  edge: LoopbackServer,
  backend: LoopbackServer,
  dashboardUrl: string,
  source: DecisionSource,
): readonly Row[] => [
  ['REST API', `${rest.origin}/${REST_API.stage}`, `stage ${REST_API.stage}, IAM policies, gateway responses`],
  ['HTTP API', http.origin, 'stage $default, payload 2.0, simple responses'],
  ['WebSocket API', `${rest.origin.replace('http', 'ws')}/${WEBSOCKET_API.stage}`, 'the $connect handshake'],
  ['CloudFront', edge.origin, "Lambda@Edge on viewer requests: denials are PingOne's own answers"],
  ['Dashboard', dashboardUrl, "the CloudWatch overview, drawn from this run's log lines"],
  ['Policy service', source.url, source.embedded ? `embedded; its rules: ${POLICY_FILE}` : 'the real PingOne'],
  ['Backend', backend.origin, 'answers with what reaches it'],
  ...(source.embedded ? [['Control', `${rest.origin}${CONTROL_PATH}`, `POST ${COMMANDS.join(', ')}`] as const] : []),
];

const notesOf = ({ notice }: Settings, source: DecisionSource): readonly string[] => [
  ...(notice === undefined ? [] : [notice]),
  ...(source.embedded
    ? []
    : [
        `The real PingOne decides. It is asked about https://${REST_API.domainName}/${REST_API.stage}/... and https://${HTTP_API.domainName}/...`,
        "An API service there must have the beginning of that as its base URL; curl's -H 'Host: api.example.com' changes the host.",
      ]),
];

/** Of what the functions write during init, only what is wrong. */
const isWorthSaying = (line: string): boolean => !line.includes('"level":"INFO"');

const start = async (): Promise<void> => {
  const settings = readSettings(process.env);
  const onProblem = (problem: string): void => log.note(`API Gateway, execution log: ${problem}`);
  const source = started(await openDecisionSource(settings));
  const backend = started(await startBackend());
  const env = { FORWARD_HEADERS: DEFAULT_FORWARD_HEADERS, ...settings.passedThrough, ...source.variables };
  // Lines that come before the first screen would tear it apart.
  const early: string[] = [];
  let onLine = (line: string): void => void early.push(line);
  const take = (line: string): void => onLine(line);
  const [functions, edge, dashboard] = await Promise.all([
    startAuthorizerFunctions(env, take).then(started),
    startEdgeDemo({ variables: env, origin: httpBackend(backend.origin), onLine: take, onProblem }).then(started),
    startDashboard().then(started),
  ]);
  const forwarded = headerNames(env.FORWARD_HEADERS);
  const shared = { backend: httpBackend(backend.origin), onProblem };
  const restApi = createRestApi({
    ...shared,
    api: REST_API,
    invoke: functions.rest.invoke,
    resourceAuthorizers: { [STEP_UP_RESOURCE]: functions.stepUp.invoke },
    gatewayResponses: GATEWAY_RESPONSES,
    requestParameters: restMapping(forwarded),
  });
  const httpApi = createHttpApi({
    ...shared,
    api: HTTP_API,
    invoke: functions.http.invoke,
    simpleResponses: true,
    requestParameters: httpMapping(forwarded),
  });
  const websocket = createWebSocketApi({ api: WEBSOCKET_API, invoke: functions.rest.invoke, onProblem });
  const rest = started(
    await listen(
      {
        gateway: remembered(restApi),
        domainName: REST_API.domainName,
        websocket: remembered(websocket),
        intercept: controlEndpoint(source, log.note),
      },
      settings.port,
    ),
  );
  const http = started(
    await listenNear(
      { gateway: remembered(httpApi), domainName: HTTP_API.domainName },
      settings.port === 0 ? 0 : rest.port + 1,
    ),
  );
  const addresses = {
    rest: `${rest.origin}/${REST_API.stage}`,
    http: http.origin,
    edge: edge.origin,
    control: `${rest.origin}${CONTROL_PATH}`,
  };
  const list = source.embedded ? demoRequests(addresses, Date.now() / 1000) : pingOneRequests(addresses);
  const initMs = Math.round(functions.initMs);
  const authorizer: Row = [
    'Authorizer',
    'dist/aws-lambda-authorizer.zip',
    `four functions on Node ${process.versions.node}, init ${initMs} ms`,
  ];
  const rows = [...rowsOf(rest, http, edge, backend, dashboard.url, source), authorizer];
  process.stdout.write(`${welcome(rows, list, notesOf(settings, source), ink)}\n`);
  log.header();
  onLine = line => {
    dashboard.line(line);
    log.line(line);
  };
  for (const line of early) dashboard.line(line);
  for (const line of early.filter(isWorthSaying)) log.line(line);
};

const end = (): void => {
  const exit = (): never => process.exit(0);
  stop().then(exit, exit);
};
process.once('SIGINT', end);
process.once('SIGTERM', end);

try {
  await start();
} catch (error) {
  process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
  await stop();
  process.exit(1);
}
