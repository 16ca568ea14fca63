/** Rules for unpacking: a good zip gives its files, and every kind of bad one is refused. */
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
  it.each([true, false])('gives names and bytes (compressed: %s)', async compress => {
    const entries = await readZip(await zipOf(FILES, compress));
    expect(Object.fromEntries(entries.map(({ name, bytes }) => [name, bytes.toString()]))).toEqual(FILES);
  });

  it('refuses a truncated file', async () => {
    const zip = await zipOf(FILES);
    await expect(readZip(zip.subarray(0, zip.length - 5))).rejects.toThrow('not a zip that Lambda would accept');
  });

  it('refuses damaged bytes', async () => {
    const zip = await zipOf({ 'a.txt': 'hello hello' }, false);
    zip.writeUInt8(0x00, zip.indexOf('hello'));
    await expect(readZip(zip)).rejects.toThrow('a.txt is damaged');
  });

  it.each(['../b.txt', '/a/b.txt', 'a/../b.tx', 'a\\\\..\\\\b.t'])(
    'refuses the name %s, which leads out of the folder',
    async name => {
      const zip = await zipOf({ [name.replace(/./g, 'x')]: 'y' });
      const hostile = Buffer.from(zip.toString('latin1').replaceAll(name.replace(/./g, 'x'), name), 'latin1');
      await expect(readZip(hostile)).rejects.toThrow('not a zip that Lambda would accept');
    },
  );

  it('refuses a size that is not the one promised', async () => {
    const zip = await zipOf({ 'a.txt': 'hello hello' });
    const directory = zip.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    zip.writeUInt32LE(5, directory + 24);
    await expect(readZip(zip)).rejects.toThrow('not a zip that Lambda would accept');
  });
});

describe('unpackToTaskRoot', () => {
  it('says how to make a zip that is missing', async () => {
    await expect(unpackToTaskRoot('/nowhere/function.zip')).rejects.toThrow('npm run package');
  });
});
