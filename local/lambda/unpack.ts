/** Unpacks a zip as Lambda unpacks a function's code. A damaged, too large or hostile zip is refused. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { makeTemporaryFolder } from '../temporary-folder.ts';

/** Lambda's limit for unpacked code. */
const MAX_UNPACKED_BYTES = 250 * 1024 * 1024;

export type ZipEntry = {
  readonly name: string;
  readonly bytes: Buffer;
  /** As the zip holds it: two seconds is its unit, and it has no time zone. */
  readonly modified: { readonly date: number; readonly time: number };
  /** The system of `versionMadeBy` (3 is Unix), and the file mode on that system. */
  readonly system: number;
  readonly mode: number;
};

/** Unpacks into a fresh temporary folder (a LAMBDA_TASK_ROOT). The folder is removed when the process ends, if not sooner by the caller. */
export const unpackToTaskRoot = async (zipFile: string): Promise<string> => {
  const entries = await readZip(await readZipFile(zipFile));
  const taskRoot = await makeTemporaryFolder('lambda-task-root-');
  for (const { name, bytes } of entries) {
    const file = path.join(taskRoot, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes, { mode: 0o644 });
  }
  return taskRoot;
};

/** The files of a zip in the order of its central directory. Entries for folders are left out. */
export const readZip = async (zip: Buffer): Promise<readonly ZipEntry[]> => {
  const entries: ZipEntry[] = [];
  let total = 0;
  try {
    // Names that lead out of the folder are refused by yauzl.
    const archive = await fromBufferPromise(zip, { strictFileNames: true });
    for await (const entry of archive.eachEntry()) {
      total += entry.uncompressedSize;
      if (total > MAX_UNPACKED_BYTES) throw new Error(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
      if (entry.fileName.endsWith('/')) continue;
      const bytes = await buffer(await archive.openReadStreamPromise(entry));
      // yauzl compares sizes, and leaves checksums to its caller.
      if (crc32(bytes) !== entry.crc32) throw new Error(`${entry.fileName} is damaged`);
      entries.push({
        name: entry.fileName,
        bytes,
        modified: { date: entry.lastModFileDate, time: entry.lastModFileTime },
        system: entry.versionMadeBy >>> 8,
        mode: entry.externalFileAttributes >>> 16,
      });
    }
  } catch (cause) {
    throw new Error(`not a zip that Lambda would accept: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  return entries;
};

async function readZipFile(zipFile: string): Promise<Buffer> {
  try {
    return await readFile(zipFile);
  } catch (cause) {
    throw new Error(`${zipFile} cannot be read: run \`npm run package\` first`, { cause });
  }
}
