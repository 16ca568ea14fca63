/** Makes a genuine Permit for tests of later code, by judging a reply with complete evidence. */
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

/** A Permit with these terms in place of those of the reply. */
export const permitFor = (terms: Partial<PermitTerms>): Permit => {
  const decision = readReply({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(ASKED)) }, ASKED);
  if (decision.effect !== 'permit') throw new Error('the echo of the request is no permit');
  return { ...decision, ...terms };
};
