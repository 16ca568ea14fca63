/** Connections in a process of its own that uses the library: which keep it alive, and how it reads replies. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Behaviour } from '../support/behaviours.ts';
import { startFakePdp } from '../support/fake-pdp.ts';
import { tlsMaterials } from '../support/tls.ts';
import { startLibraryProcess } from './library-process.ts';

const PERMIT: Behaviour = { kind: 'permit' };

describe.each(['http', 'https'] as const)('a process that has opened a connection ahead over %s', over => {
  const start = async (behaviour?: Behaviour) => {
    const tls = over === 'https' ? { tls: tlsMaterials.good, host: 'localhost' as const } : {};
    const pdp = await startFakePdp({ ...tls, ...(behaviour === undefined ? {} : { otherwise: behaviour }) });
    onTestFinished(() => pdp.close());
    const child = startLibraryProcess({ PINGONE_SERVICE_URL: pdp.url, PINGONE_GATEWAY_CREDENTIAL: 'c' });
    await pdp.open(1);
    return { pdp, child };
  };

  it('ends where it has nothing else to do', async () => {
    const { pdp, child } = await start();
    child.tell('end');
    expect(await child.ended).toBe(0);
    expect([pdp.connections.opened, pdp.callCount]).toEqual([1, 0]);
  });

  it('stays alive while a request is on it, and no longer', async () => {
    const { pdp, child } = await start({ kind: 'slow', ms: 300, behaviour: PERMIT });
    child.tell('ask and watch');
    expect([await child.said(), await child.said()]).toEqual(['meanwhile 1', 'gets PERMIT']);
    child.tell('end');
    expect(await child.ended).toBe(0);
    expect(pdp.connections.opened).toBe(1);
  });
});

describe('a process with --insecure-http-parser', () => {
  it('reads replies as strictly as any other', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';
    const pdp = await startFakePdp({ otherwise: { kind: 'raw', bytes } });
    onTestFinished(() => pdp.close());
    const environment = { PINGONE_SERVICE_URL: pdp.url, PINGONE_GATEWAY_CREDENTIAL: 'c' };
    const child = startLibraryProcess(environment, ['--insecure-http-parser']);
    child.tell('ask');
    expect(await child.said()).toMatch(/^gets PDP_BAD_REPLY: .*not HTTP$/);
  });
});
