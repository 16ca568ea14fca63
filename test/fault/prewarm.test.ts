/** Prewarming: the first request finds a connection, and whatever goes wrong with it changes nothing. */
import { describe, expect } from 'vitest';
import type { ConnectionBehaviour } from '../support/behaviours.ts';
import { tlsMaterials } from '../support/tls.ts';
import { it } from './stage.ts';

const PREWARM = { PINGONE_PREWARM: 'true' };

describe.concurrent.each(['http', 'https'] as const)('prewarming over %s', over => {
  const tls = over === 'https' ? { tls: tlsMaterials.good, host: 'localhost' as const } : {};

  it('opens the connection during init, and the first requests use it', async ({ setStage }) => {
    const { pdp, asks } = await setStage({ env: PREWARM, pdp: tls });
    await pdp.open(1);
    expect(await asks(3)).toEqual(['PERMIT', 'PERMIT', 'PERMIT']);
    expect(pdp.connections.opened).toBe(1);
    expect(pdp.strays).toEqual([]);
  });

  it('opens none where it is switched off', async ({ setStage }) => {
    const { pdp, environment, ask } = await setStage({ env: { PINGONE_PREWARM: 'false' }, pdp: tls });
    await environment.idle();
    expect(pdp.connections.opened).toBe(0);
    expect((await ask()).gets).toBe('PERMIT');
  });

  const dead: readonly (readonly [string, ConnectionBehaviour])[] = [
    ['resets it', { kind: 'resetConnect' }],
    ['closes it', { kind: 'closeConnect' }],
  ];
  it.for(dead)('costs the first request nothing where PingOne %s', async ([, behaviour], { setStage }) => {
    const pdpOptions = { ...tls, connectionScript: [behaviour] };
    const { pdp, asks } = await setStage({ env: { ...PREWARM, PINGONE_RETRIES: '1' }, pdp: pdpOptions });
    expect(await asks(2)).toEqual(['PERMIT', 'PERMIT']);
    expect(pdp.callCount).toBe(2);
  });

  it('does not hold up init for a PingOne that hangs: waiting for it would outlast what Lambda gives init', async ({
    setStage,
  }) => {
    const env = { ...PREWARM, PINGONE_CONNECT_TIMEOUT_MS: '60000', AUTHORIZER_DEADLINE_MS: '60000' };
    const { environment } = await setStage({ env, pdp: { ...tls, connectionScript: [{ kind: 'stallConnect' }] } });
    expect(environment.alive).toBe(true);
  });

  it('costs no more than its own attempt where PingOne hangs, and the request after it is served', async ({
    setStage,
  }) => {
    const connectionScript: readonly ConnectionBehaviour[] = [{ kind: 'stallConnect' }];
    // The stalled connection can be seen to stall only by the handshake that TLS has.
    const env = { ...PREWARM, PINGONE_CONNECT_TIMEOUT_MS: '1000', PINGONE_REQUEST_TIMEOUT_MS: '1000' };
    const { ask } = await setStage({ env, pdp: { ...tls, connectionScript } });
    expect((await ask()).gets).toBe(over === 'https' ? 'PERMIT' : 'PDP_TIMEOUT');
    expect((await ask()).gets).toBe('PERMIT');
  });

  it('changes nothing where nothing listens at init', async ({ setStage }) => {
    const { pdp, asks } = await setStage({
      env: { ...PREWARM, PINGONE_SERVICE_URL: `${over}://localhost:1/v1` },
      pdp: tls,
    });
    expect(await asks(1)).toEqual(['PDP_UNREACHABLE']);
    expect(pdp.connections.opened).toBe(0);
  });

  it('replaces a connection that PingOne closed before the first request', async ({ setStage }) => {
    const { pdp, ask, environment } = await setStage({ env: PREWARM, pdp: tls });
    await pdp.open(1);
    await pdp.stop();
    await pdp.restart();
    await environment.idle();
    expect((await ask()).gets).toBe('PERMIT');
    expect(pdp.connections.opened).toBe(2);
  });
});
