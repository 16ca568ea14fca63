/** Ids of requests: at some APIs a client chooses them (`X-Amzn-RequestId`), so that they are not trusted. */
import { holdsToken } from './token-shape.ts';

const LONGEST = 128;

/**
 * The id without what could end a header line or a JSON string, at most 128 characters; empty if it holds a token. AWS's own
 * ids have no other characters than these.
 */
export const plainId = (id: string | undefined): string => {
  const plain = id?.replace(/[^\w.:@/+=-]/g, '').slice(0, LONGEST) ?? '';
  return holdsToken(plain) ? '' : plain;
};
