/** Rules of the edge function's code: one build serves every package that is made of it, until something in it changes. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkshop, type Workshop } from './workshop.ts';

const SETTINGS = {
  PINGONE_SERVICE_URL: 'https://http-access-api.pingone.eu/v1/environments/e1',
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'pingone/gateway-credential',
  PINGONE_CREDENTIAL_REGION: 'eu-west-1',
};

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
  await writeFile(join(workshop.folder, 'edge.json'), JSON.stringify(SETTINGS));
});
afterAll(() => workshop.clear());

const at = (path: string): string => join(workshop.folder, path);
const kept = (): Promise<string[]> => readdir(at('dist/edge-code'));

const packageEdge = async (out: string): Promise<Buffer> => {
  await workshop.node(['scripts/package-edge.ts', '--config', 'edge.json', '--out', out]);
  return readFile(at(out));
};

it('is whole for each of two that package at the same time, and kept once', async () => {
  const [one, other] = await Promise.all([packageEdge('one.zip'), packageEdge('other.zip')]);
  expect(one.equals(other)).toBe(true);
  expect(await kept()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
});

it('is not built again where nothing has changed', async () => {
  const before = await packageEdge('before.zip');
  const [file = ''] = await kept();
  const code = await readFile(at(`dist/edge-code/${file}`), 'utf8');
  // Nobody would: the mark shows that the code comes from there.
  await writeFile(at(`dist/edge-code/${file}`), JSON.stringify({ ...JSON.parse(code), licence: 'Mine.' }));
  expect((await packageEdge('marked.zip')).equals(before)).toBe(false);
  await writeFile(at(`dist/edge-code/${file}`), code);
});

it('is built anew where a source has changed, and the old one goes', async () => {
  const before = await packageEdge('before.zip');
  const files = await kept();
  const source = at('src/edge/response.ts');
  await writeFile(source, (await readFile(source, 'utf8')).replace('no-store', 'no-store, private'));
  expect((await packageEdge('after.zip')).equals(before)).toBe(false);
  expect(await kept()).not.toEqual(files);
  expect(await kept()).toHaveLength(1);
});
