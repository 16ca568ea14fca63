/**
 * The Lambda Extensions API for internal extensions (those that register from the runtime's own process).
 * The rules are those of AWS's runtime interface emulator: INVOKE only, at most ten, closed at the runtime's first `next`.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecord, parseJson } from '../loopback.ts';
import type { Invocation } from './invocation.ts';

const MAX_EXTENSIONS = 10;
const PREFIX = '/2020-01-01/extension/';

type Extension = {
  readonly id: string;
  readonly name: string;
  readonly invoke: boolean;
  readonly events: string[];
  waiting: ServerResponse | undefined;
};

export type ExtensionsApi = {
  /** True where the request was one of this API and has been answered, or will be. */
  handle(request: IncomingMessage, response: ServerResponse, body: string): boolean;
  closeRegistration(): void;
  announce(invocation: Invocation): void;
  /** Every registered extension is back in `event/next`. */
  idle(): boolean;
  names(): readonly string[];
};

export type ExtensionsApiOptions = {
  readonly functionArn: string;
  readonly functionName: string;
  readonly handler: string;
  /** On managed instances internal extensions may register, but for no event. */
  readonly managedInstances: boolean;
  readonly onChange: () => void;
  readonly onFailure: (errorType: string, extension: string) => void;
};

const reply = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

type Refusal = readonly [errorType: string, errorMessage: string];

const refuse = (response: ServerResponse, errorType: string, errorMessage: string): void =>
  reply(response, 403, { errorType, errorMessage });

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const refusedEvent = (events: readonly unknown[], managedInstances: boolean): string | undefined => {
  if (managedInstances && events.length > 0) return 'No events allowed for internal extensions';
  const refused = events.find(event => event !== 'INVOKE');
  if (refused === undefined) return undefined;
  return refused === 'SHUTDOWN'
    ? 'SHUTDOWN: ShutdownEventNotSupportedForInternalExtension'
    : `${String(refused)}: ErrorInvalidEventType`;
};

export const createExtensionsApi = (options: ExtensionsApiOptions): ExtensionsApi => {
  const extensions = new Map<string, Extension>();
  let open = true;

  const refusalOf = (name: string | undefined, events: unknown): Refusal | undefined => {
    if (name === undefined) return ['Extension.InvalidExtensionName', 'Empty extension name'];
    if (!Array.isArray(events)) return ['InvalidRequestFormat', 'events must be an array'];
    const refused = refusedEvent(events, options.managedInstances);
    if (refused !== undefined) return ['Extension.InvalidEventType', refused];
    if (!open) return ['Extension.RegistrationClosed', 'Extension registration closed already'];
    if (extensions.values().some(extension => extension.name === name))
      return ['Extension.AlreadyRegistered', 'Extension with this name already registered'];
    return extensions.size < MAX_EXTENSIONS
      ? undefined
      : ['Extension.TooManyExtensions', `Extension limit (${MAX_EXTENSIONS}) reached`];
  };

  const register = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const name = headerOf(request, 'lambda-extension-name');
    const parsed = parseJson(body);
    const events = isRecord(parsed) ? (parsed['events'] ?? []) : undefined;
    const refusal = refusalOf(name, events);
    if (refusal !== undefined) {
      refuse(response, ...refusal);
      return;
    }
    const id = randomUUID();
    const invoke = Array.isArray(events) && events.includes('INVOKE');
    extensions.set(id, { id, name: name ?? '', invoke, events: [], waiting: undefined });
    const about = { functionName: options.functionName, functionVersion: '$LATEST', handler: options.handler };
    reply(response, 200, about, { 'lambda-extension-identifier': id });
  };

  const deliver = (extension: Extension): void => {
    const event = extension.waiting === undefined ? undefined : extension.events.shift();
    if (event === undefined || extension.waiting === undefined) return;
    const response = extension.waiting;
    extension.waiting = undefined;
    response.writeHead(200, { 'content-type': 'application/json', 'lambda-extension-event-identifier': randomUUID() });
    response.end(event);
  };

  const next = (extension: Extension, response: ServerResponse): void => {
    if (extension.waiting !== undefined) {
      refuse(response, 'Extension.InvalidExtensionState', `${extension.name} already waits for its next event`);
      return;
    }
    extension.waiting = response;
    response.once('close', () => {
      if (extension.waiting === response) extension.waiting = undefined;
    });
    deliver(extension);
    options.onChange();
  };

  const handle = (request: IncomingMessage, response: ServerResponse, body: string): boolean => {
    const url = request.url ?? '';
    if (!url.startsWith(PREFIX)) return false;
    const action = `${request.method} ${url.slice(PREFIX.length)}`;
    if (action === 'POST register') {
      register(request, response, body);
      return true;
    }
    const id = headerOf(request, 'lambda-extension-identifier');
    const extension = id === undefined ? undefined : extensions.get(id);
    if (id === undefined)
      refuse(response, 'Extension.MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier');
    else if (extension === undefined) refuse(response, 'Extension.UnknownExtensionIdentifier', 'Unknown extension');
    else if (action === 'GET event/next') next(extension, response);
    else if (action === 'POST init/error' || action === 'POST exit/error') {
      reply(response, 202, { status: 'OK' });
      options.onFailure(headerOf(request, 'lambda-extension-function-error-type') ?? 'Extension.Error', extension.name);
    } else reply(response, 404, { errorType: 'NotFound', errorMessage: `no such path: ${action}` });
    return true;
  };

  return {
    handle,
    closeRegistration: () => {
      open = false;
    },
    announce: ({ requestId, deadlineMs, traceId }) => {
      const tracing = { type: 'X-Amzn-Trace-Id', value: traceId };
      const { functionArn: invokedFunctionArn } = options;
      for (const extension of extensions.values()) {
        if (!extension.invoke) continue;
        extension.events.push(
          JSON.stringify({ eventType: 'INVOKE', deadlineMs, requestId, invokedFunctionArn, tracing }),
        );
        deliver(extension);
      }
    },
    idle: () => extensions.values().every(extension => extension.waiting !== undefined),
    names: () => [...extensions.values()].map(extension => extension.name),
  };
};
