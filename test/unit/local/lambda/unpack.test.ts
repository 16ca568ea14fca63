/** The rules of unpacking: what a good zip yields, and that every kind of bad one is refused. */
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { readZip, unpackToTaskRoot } from '../../../../local/lambda/unpack.ts';

const zipOf = async (files: Readonly<Record<string, string>>, compress = true): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name, { compress });
  zip.end();
  return buffer(zip.outputStream);
};

const FILES = { 'a/one.js': 'x'.repeat(5000), 'two.txt': '', 'ünï.md': '# ü' };

describe('readZip', () => {
  it.each([true, false])('yields names and bytes (compressed: %s)', async compress => {
    const entries = readZip(await zipOf(FILES, compress));
    expect(Object.fromEntries(entries.map(({ name, bytes }) => [name, bytes.toString()]))).toEqual(FILES);
  });

  it('refuses a truncated file', async () => {
    const zip = await zipOf(FILES);
    expect(() => readZip(zip.subarray(0, zip.length - 5))).toThrow('no end of central directory');
  });

  it('refuses damaged bytes', async () => {
    const zip = await zipOf({ 'a.txt': 'hello hello' }, false);
    zip.writeUInt8(0x00, zip.indexOf('hello'));
    expect(() => readZip(zip)).toThrow('a.txt is damaged');
  });

  it('refuses names that lead out of the folder', async () => {
    const zip = await zipOf({ 'aa/b.txt': 'x' });
    const hostile = Buffer.from(zip.toString('latin1').replaceAll('aa/b.txt', '../b.txt'), 'latin1');
    expect(() => readZip(hostile)).toThrow('leads out of the folder');
  });
});

describe('unpackToTaskRoot', () => {
  it('says how to make a zip that is missing', async () => {
    await expect(unpackToTaskRoot('/nowhere/function.zip')).rejects.toThrow('npm run package');
  });
});
