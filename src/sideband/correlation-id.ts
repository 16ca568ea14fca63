/** The id that finds one request in API Gateway's log, in ours and in the service's. */
import { holdsToken } from '../domain/token-shape.ts';

/** The header that carries it both ways. */
const CORRELATION_HEADER = 'Correlation-Id';

const LONGEST = 128;

/**
 * The header that a call to the service carries. AWS's own ids have no other characters than these. A client can choose the
 * id at some APIs (`X-Amzn-RequestId`), so what could end a header line is left out of it, and a token is not sent at all.
 */
export const correlationHeader = (requestId: string | undefined): Readonly<Record<string, string>> => {
  const id = requestId?.replace(/[^\w.:@/+=-]/g, '').slice(0, LONGEST) ?? '';
  return id === '' || holdsToken(id) ? {} : { [CORRELATION_HEADER]: id };
};
