/** The transport over real sockets to a fake PDP, with what a test wants to set and see. */
import { onTestFinished } from 'vitest';
import { type Facts, newFacts } from '../../../src/domain/call.ts';
import { type Clock, systemClock } from '../../../src/domain/clock.ts';
import { openSockets, type Sockets } from '../../../src/pdp/connection-pool.ts';
import { overHttp } from '../../../src/pdp/transport.ts';
import type { SidebandReply } from '../../../src/sideband/wire.ts';
import { type FakePdp, type FakePdpOptions, startFakePdp } from '../../support/fake-pdp.ts';
import { ASKED } from '../permits.ts';

export interface TransportOptions {
  readonly pdp?: FakePdpOptions;
  readonly url?: string;
  readonly requestTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly maxReplyBytes?: number;
  readonly maxSockets?: number;
  readonly idleMs?: number;
  readonly credentialHeader?: string;
  readonly clock?: Clock;
  /** Trusted beside the system's own, which no setting of the product offers. */
  readonly ca?: string;
}

export interface OpenTransport {
  readonly pdp: FakePdp;
  readonly sockets: Sockets;
  post(options?: {
    signal?: AbortSignal;
    facts?: Facts;
    body?: string;
    propagation?: Record<string, string>;
    requestId?: string;
  }): Promise<SidebandReply>;
}

export const openTransport = async (options: TransportOptions = {}): Promise<OpenTransport> => {
  const pdp = await startFakePdp(options.pdp);
  const clock = options.clock ?? systemClock;
  const serviceUrl = new URL(options.url ?? pdp.url);
  const { maxSockets = 50, idleMs = 55_000, connectTimeoutMs = 1000 } = options;
  const sockets = openSockets(serviceUrl, { maxSockets, idleMs, connectTimeoutMs }, clock);
  if (options.ca !== undefined) Object.assign(Reflect.get(sockets.agent, 'options'), { ca: options.ca });
  const { credentialHeader = 'CLIENT-TOKEN', requestTimeoutMs = 3000, maxReplyBytes = 1_048_576 } = options;
  const send = overHttp({ serviceUrl, credentialHeader, requestTimeoutMs, maxReplyBytes }, sockets, clock);
  onTestFinished(async () => {
    sockets.agent.destroy();
    await pdp.close();
  });
  return {
    pdp,
    sockets,
    post: ({ signal = new AbortController().signal, facts = newFacts(), body, propagation = {}, requestId } = {}) =>
      send(
        { body: body ?? JSON.stringify(ASKED), credential: 'c-1', propagation },
        { signal, facts, requestId, trace: undefined },
      ),
  };
};
