/** The demo: a REST, an HTTP and a WebSocket API and a distribution on loopback in front of one backend, guarded by the built authorizer. */
import { FUNCTION_NAMES, startAuthorizerFunctions } from './authorizer-functions.ts';
import { startBackend } from './backend.ts';
import { startEdgeDemo } from './cloudfront/demo.ts';
import { checkConfiguration } from './configuration.ts';
import { inkFor } from './console/ink.ts';
import { createLiveLog } from './console/live-log.ts';
import { type Row, welcome } from './console/welcome.ts';
import { CONTROL_PATH, controlEndpoint } from './control-endpoint.ts';
import { startDashboard } from './dashboard/dashboard.ts';
import { openDecisionSource } from './decision-source.ts';
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
import { placeRows, runNotes } from './demo-screen.ts';
import { createHttpApi } from './gateway/http-api.ts';
import { httpBackend } from './gateway/outgoing.ts';
import { splitTarget } from './gateway/request.ts';
import { createRestApi, type Gateway } from './gateway/rest-api.ts';
import { type GatewayServerOptions, startGatewayServer } from './gateway/server.ts';
import { createWebSocketApi } from './gateway/websocket-api.ts';
import { type Inspection, inspectorNotes, inspectorRows, PATIENCE } from './inspector.ts';
import { isPortTaken, type LoopbackServer } from './loopback.ts';
import type { Settings } from './settings.ts';

export type DemoOptions = {
  readonly settings: Settings;
  readonly inspection: Inspection | undefined;
  /** Takes each part that has been started, so that it can be ended even if a later one fails. */
  readonly started: <T extends { close(): Promise<void> }>(part: T) => T;
};

const DEFAULT_FORWARD_HEADERS = 'x-customer-tier,x-subject';
const REMEMBERED_REQUESTS = 1000;

/** Starts every part and prints the first screen; rejects with a sentence if a part cannot run. */
export const startDemo = async ({ settings, inspection, started }: DemoOptions): Promise<void> => {
  const ink = inkFor(process.stdout.isTTY === true, process.env['NO_COLOR']);
  const requests = openRequestNames();
  const log = createLiveLog({
    write: text => process.stdout.write(`${text}\n`),
    ink,
    requestOf: requests.nameOf,
    now: () => new Date(),
  });
  const onProblem = (problem: string): void => log.note(`API Gateway, execution log: ${problem}`);
  const source = started(await openDecisionSource(settings));
  const patience = inspection === undefined ? {} : PATIENCE;
  const env = { FORWARD_HEADERS: DEFAULT_FORWARD_HEADERS, ...patience, ...settings.passedThrough, ...source.variables };
  checkConfiguration(env);
  const backend = started(await startBackend());
  // Lines that come before the first screen would tear it apart.
  const early: string[] = [];
  let onLine = (line: string): void => void early.push(line);
  const take = (line: string): void => onLine(line);
  const inspected = inspection === undefined ? {} : { taskRoot: inspection.taskRoot, inspectorPorts: inspection.ports };
  const [functions, edge, dashboard] = await Promise.all([
    startAuthorizerFunctions({ env, onLine: take, ...inspected }).then(started),
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
  const { port, hosts } = settings;
  const rest = started(
    await listen(
      {
        gateway: requests.remembered(restApi),
        domainName: REST_API.domainName,
        hosts,
        websocket: requests.remembered(websocket),
        intercept: controlEndpoint(source, log.note),
      },
      port,
    ),
  );
  const http = started(
    await listenNear(
      { gateway: requests.remembered(httpApi), domainName: HTTP_API.domainName, hosts },
      port === 0 ? 0 : rest.port + 1,
    ),
  );
  const places = {
    rest: `${rest.origin}/${REST_API.stage}`,
    http: http.origin,
    edge: edge.origin,
    control: `${rest.origin}${CONTROL_PATH}`,
    restOrigin: rest.origin,
    backend: backend.origin,
    dashboard: dashboard.url,
  };
  const list = source.embedded ? demoRequests(places, Date.now() / 1000) : pingOneRequests(places);
  const authorizer: Row = [
    'Authorizer',
    inspection === undefined ? 'dist/aws-lambda-authorizer.zip' : 'dist/inspect',
    `four functions on Node ${process.versions.node}, init ${Math.round(functions.initMs)} ms`,
  ];
  const debuggers = inspection === undefined ? [] : inspectorRows(inspection, FUNCTION_NAMES);
  const notes = [...runNotes(settings, source), ...(inspection === undefined ? [] : inspectorNotes(inspection))];
  const rows = [...placeRows(places, source), authorizer, ...debuggers];
  process.stdout.write(`${welcome(rows, list, notes, ink)}\n`);
  log.header();
  onLine = line => {
    dashboard.line(line);
    log.line(line);
  };
  for (const line of early) dashboard.line(line);
  for (const line of early.filter(isWorthSaying)) log.line(line);
};

/** Verb and path of the last requests, for the log; never the query. */
function openRequestNames() {
  const names = new Map<string, string>();
  return {
    nameOf: (requestId: string): string | undefined => names.get(requestId),
    remembered:
      (gateway: Gateway): Gateway =>
      (request, body) => {
        names.set(request.requestId, `${request.method} ${splitTarget(request.target).path}`);
        if (names.size > REMEMBERED_REQUESTS) names.delete(names.keys().next().value ?? '');
        return gateway(request, body);
      },
  };
}

async function listen(options: GatewayServerOptions, port: number): Promise<LoopbackServer> {
  try {
    return await startGatewayServer({ ...options, port });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new Error(
      `port ${port} is taken: end what listens there, or choose another one (PORT=${port + 100} npm start)`,
    );
  }
}

/** The HTTP API takes the port after PORT, and any free one if that is taken. */
function listenNear(options: GatewayServerOptions, port: number): Promise<LoopbackServer> {
  return port > 65_535 ? startGatewayServer(options) : listen(options, port).catch(() => startGatewayServer(options));
}

/** Of what the functions write during init, only what is wrong. */
function isWorthSaying(line: string): boolean {
  return !line.includes('"level":"INFO"') && !/^(?:Debugger listening|For help, see)/.test(line);
}
