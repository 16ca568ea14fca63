/** The AWS stores that can hold the credential; each client is a file of its own, loaded only when it is the one. */
import type { CredentialLocation } from '../config.ts';

/** Reads a secret's text, giving up when the signal says so. Rejects with the store's own error. */
export type FetchSecret = (id: string, signal: AbortSignal) => Promise<string>;

export const fetchFrom: Readonly<Record<Exclude<CredentialLocation['store'], 'environment'>, FetchSecret>> = {
  'secrets-manager': async (id, signal) => (await import('./secrets-manager.ts')).fetchSecret(id, signal),
  'parameter-store': async (id, signal) => (await import('./parameter-store.ts')).fetchParameter(id, signal),
};
