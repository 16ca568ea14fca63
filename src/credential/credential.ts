/** The port through which a call gets the gateway credential, and the credential that never changes. */
import type { Call } from '../domain/call.ts';

export interface GatewayCredential {
  /**
   * The credential to use now.
   * @throws AuthorizerError `CREDENTIAL_UNAVAILABLE`
   */
  readonly current: (call: Call) => Promise<string>;
  /** After a refusal: a credential other than the refused one, or undefined where there is none to be had now. */
  readonly replacement: (refused: string, call: Call) => Promise<string | undefined>;
  /** After the refusal of a replacement, which nothing replaces any more: it replaces no other until the store has answered again. */
  readonly noteRefusal: (refused: string) => void;
  /** Starts what can be done ahead of the first request; never throws. */
  readonly prewarm: () => void;
}

/** A credential that the configuration itself holds. */
export const fixedCredential = (value: string): GatewayCredential =>
  Object.freeze({
    current: () => Promise.resolve(value),
    replacement: () => Promise.resolve(undefined),
    noteRefusal: () => undefined,
    prewarm: () => undefined,
  });
