/** Rules of the runtime: Node 22 and newer; any older one is a configuration error that names it. */
import { describe, expect, it } from 'vitest';
import { onNode } from '../../../src/config/runtime.ts';
import { loadConfig } from '../../../src/config.ts';

const VALID = loadConfig({ PINGONE_SERVICE_URL: 'https://h.example', PINGONE_GATEWAY_CREDENTIAL: 'c-1' });

describe('the runtime', () => {
  it.each(['22.0.0', '22.11.0', '24.21.0', '100.0.0'])('may be Node %s', version => {
    expect(onNode(VALID, version)).toBe(VALID);
  });

  it.each(['20.20.2', '18.20.8', '9.0.0', '21.99.99', '', 'unknown'])('may not be Node %j', version => {
    const config = onNode(VALID, version);
    expect(config).toMatchObject({ valid: false, problems: [expect.stringContaining(`Node.js ${version}`)] });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('is named before what else is wrong', () => {
    const config = onNode(loadConfig({}), '20.20.2');
    expect(config.valid ? [] : config.problems).toEqual([
      expect.stringContaining('Node.js 20.20.2'),
      expect.stringContaining('Set one of'),
      'PINGONE_SERVICE_URL is required.',
    ]);
  });
});
