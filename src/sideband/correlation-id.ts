/** The id that finds one request in API Gateway's log, in ours and in the service's. */
import { plainId } from '../domain/request-id.ts';

/** The header that carries it both ways. */
const CORRELATION_HEADER = 'Correlation-Id';

/** The header that a call to the service carries; none if nothing of the id can be sent. */
export const correlationHeader = (requestId: string | undefined): Readonly<Record<string, string>> => {
  const id = plainId(requestId);
  return id === '' ? {} : { [CORRELATION_HEADER]: id };
};
