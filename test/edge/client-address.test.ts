/** Rules of TRUSTED_IP_HEADER: PingOne is told the one address that another CDN names, or nothing at all. */
import { describe, expect, it } from 'vitest';
import { readRequest, readViewerRequest } from '../../src/edge/event.ts';
import { codeOf, faultOf } from '../unit/faults.ts';
import { SETTINGS } from './permits.ts';
import { headersOf, REQUEST, viewerRequest } from './viewer-request.ts';

const NAME = 'true-client-ip';

const sourceIp = (lines: readonly (readonly [string, string])[], trustedIpHeader: string | undefined = NAME) => {
  const headers = { ...REQUEST.headers, ...headersOf(...lines) };
  return readRequest(readViewerRequest(viewerRequest({ headers })), { ...SETTINGS, trustedIpHeader }).sourceIp;
};

describe('the client’s address', () => {
  it('is CloudFront’s word, whatever a header says, if no header is trusted', () => {
    expect(readRequest(readViewerRequest(viewerRequest()), SETTINGS).sourceIp).toBe(REQUEST.clientIp);
    const headers = { ...REQUEST.headers, ...headersOf(['True-Client-IP', '192.0.2.9']) };
    expect(readRequest(readViewerRequest(viewerRequest({ headers })), SETTINGS).sourceIp).toBe(REQUEST.clientIp);
  });

  it.each(['192.0.2.9', '0.0.0.0', '255.255.255.255', '2001:db8::1', '::', '::ffff:192.0.2.9'])(
    'is %s if the trusted header says so',
    address => {
      expect(sourceIp([['True-Client-IP', address]])).toBe(address);
      expect(sourceIp([['TRUE-CLIENT-IP', ` ${address} `]])).toBe(address);
    },
  );

  it.each([
    '',
    'unknown',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '0x7f.0.0.1',
    '192.0.2.9:443',
    '192.0.2.1e1',
    '192.0.2.9.9',
    '::1]/x',
    'x]/::1',
    '::1]/x::1',
    '[2001:db8::1]',
    '2001:db8::1%eth0',
    '2001:db8:::1',
    '192.0.2.1, 192.0.2.9',
    '192.0.2.1 192.0.2.9',
    '١٩٢.0.2.1',
  ])('is not known if the trusted header holds %j, and the request is refused', async value => {
    expect(await faultOf(() => sourceIp([['True-Client-IP', value]]))).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: 'the header of TRUSTED_IP_HEADER does not hold one address',
    });
  });

  it('is not known if the trusted header is missing or stands there twice', async () => {
    expect(await codeOf(() => sourceIp([]))).toBe('INVALID_REQUEST');
    expect(
      await codeOf(() =>
        sourceIp([
          ['True-Client-IP', '192.0.2.1'],
          ['True-Client-IP', '192.0.2.1'],
        ]),
      ),
    ).toBe('INVALID_REQUEST');
  });
});
