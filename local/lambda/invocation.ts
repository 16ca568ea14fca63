/** What goes into a Lambda invocation and what comes out of it, as the invoker sees it. */

export type Invocation = {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  readonly deadlineMs: number;
  readonly traceId: string;
};

export type InvokeError = { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

export type InvokeResult = { readonly ok: true; readonly payload: unknown } | InvokeError;

export type InvokeOptions = {
  /** The X-Ray header (`Root=...;Parent=...;Sampled=...`) of the caller; a fresh unsampled one where missing. */
  readonly traceId?: string;
  /** What the function is told of its remaining time; its timeout where missing. */
  readonly remainingMs?: number;
};

/** What API Gateway needs of a Lambda function. */
export type Invoke = (event: unknown, options?: InvokeOptions) => Promise<InvokeResult>;

export const failed = (errorType: string, errorMessage: string): InvokeError => ({
  ok: false,
  errorType,
  errorMessage,
});
