/** A genuine Permit for tests of what comes after it: through the one door, with the evidence that it asks for. */
import type { Permit, PermitTerms } from '../../src/domain/decision.ts';
import { readReply } from '../../src/sideband/reply.ts';
import type { SidebandRequest } from '../../src/sideband/wire.ts';

export const ASKED: SidebandRequest = {
  source_ip: '192.0.2.1',
  source_port: 49152,
  method: 'GET',
  url: 'https://api.example.org/a',
  http_version: '1.1',
  headers: [],
};

/** What PingOne's reply said is replaced by `terms`. */
export const permitFor = (terms: PermitTerms): Permit => {
  const decision = readReply({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(ASKED)) }, ASKED);
  if (decision.effect !== 'permit') throw new Error('the echo of the request is no permit');
  return { ...decision, ...terms };
};
