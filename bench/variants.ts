/** What the product is compared with, by the names that the report shows. */
import { EVENT, HTTP_EVENT } from './bed/function.ts';
import { AUTHORIZER, controlModule } from './bed/task-root.ts';

export interface Variant {
  readonly name: string;
  readonly module: string;
  readonly event: object;
  readonly exports: boolean;
}

export const BARE = 'bare node:https, keep-alive';
export const EMPTY = 'empty handler';
export const FETCH = 'fetch authorizer';

const control = (name: string, module: Parameters<typeof controlModule>[0]): Variant => ({
  name,
  module: controlModule(module),
  event: EVENT,
  exports: false,
});

/** The handler that does nothing, whose cost is the runtime's. */
export const empty: Variant = control(EMPTY, 'empty');
/** The physical limit. */
export const bare: Variant = control(BARE, 'bare');
export const noKeepAlive: Variant = control('node:https, no keep-alive', 'no-keep-alive');
export const fetching: Variant = control(FETCH, 'fetch');
export const flushing: Variant = {
  ...control('fetch authorizer, flush before the answer', 'fetch-flush'),
  exports: true,
};
export const authzen: Variant = { ...control('AuthZEN working group’s authorizer', 'authzen'), event: HTTP_EVENT };

export const authorizer = (name: string, exports: boolean): Variant => ({
  name,
  module: AUTHORIZER,
  event: EVENT,
  exports,
});
