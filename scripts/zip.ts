/** Writes zips that Lambda takes and that are the same bytes for the same files. */
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/**
 * Zips what is below `root`/`folder`, names relative to `root`.
 * Sorted entries, one mode, one time: the same commit gives the same bytes, in any time zone.
 */
export const writeZip = async (root: string, folder: string, zipFile: string): Promise<void> => {
  const zip = new ZipFile();
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true, compressionLevel: 9 };
  for (const file of await filesBelow(join(root, folder))) zip.addFile(file, file.slice(root.length + 1), options);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(zipFile));
};

/** Every file below a folder, sorted. */
export const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
