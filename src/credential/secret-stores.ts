/** The AWS stores that can hold the credential; each client is a file of its own, loaded only when it is the one. */
import type { CredentialLocation } from '../config/configuration.ts';

/**
 * Reads a secret's text, giving up when the signal says so. Rejects with the store's own error.
 * @param region the store's; the function's own where it is missing.
 */
export type FetchSecret = (id: string, signal: AbortSignal, region?: string) => Promise<string>;

export const fetchFrom: Readonly<Record<Exclude<CredentialLocation['store'], 'environment'>, FetchSecret>> = {
  'secrets-manager': async (...wanted) => (await import('./secrets-manager.ts')).fetchSecret(...wanted),
  'parameter-store': async (...wanted) => (await import('./parameter-store.ts')).fetchParameter(...wanted),
};
