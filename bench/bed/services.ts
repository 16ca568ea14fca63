/** Starts and steers the process that plays everything outside the function. */
import type { Behaviour } from '../../test/support/behaviours.ts';
import { startChild } from './child.ts';
import type { Distance, Taken } from './collectors.ts';

export interface ServicesReady {
  readonly serviceUrl: string;
  readonly credential: string;
  readonly caFile: string;
  readonly authzenUrl: string;
  readonly collectors: Readonly<Record<Distance, string>>;
  readonly storeVariables: Readonly<Record<string, string>>;
}

export interface ServiceCounts {
  /** Sideband calls that reached the policy service. */
  readonly calls: number;
  /** Connections that were opened to it, and those that are open. */
  readonly connections: number;
  readonly open: number;
  /** What each collector has taken. */
  readonly exported: Readonly<Record<Distance, Taken>>;
  readonly violations: number;
}

export interface Services extends ServicesReady {
  /** What every policy call meets from now on. */
  readonly behave: (behaviour: Behaviour) => Promise<void>;
  /** Refuses connections and kills the open ones. */
  readonly stop: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly counts: () => Promise<ServiceCounts>;
  readonly end: () => Promise<void>;
}

/** A permit after so many ms of service time. */
export const permitAfter = (ms: number): Behaviour =>
  ms === 0 ? { kind: 'permit' } : { kind: 'slow', ms, behaviour: { kind: 'permit' } };

export const startServices = async (): Promise<Services> => {
  const child = startChild(new URL('./services-process.ts', import.meta.url));
  const ready = (await child.ask('ready')) as ServicesReady;
  const tell = async (method: string, argument?: unknown): Promise<void> => void (await child.ask(method, argument));
  return {
    ...ready,
    behave: behaviour => tell('behave', behaviour),
    stop: () => tell('stop'),
    restart: () => tell('restart'),
    counts: async () => (await child.ask('counts')) as ServiceCounts,
    end: child.end,
  };
};
