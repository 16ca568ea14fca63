/** Unpacks a zip as Lambda does with a function's code: small, strict, refusing what it does not fully understand. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { makeTemporaryFolder } from '../temporary-folder.ts';

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
/** Lambda's limit for unpacked code. */
const MAX_UNPACKED_BYTES = 250 * 1024 * 1024;

export type ZipEntry = { readonly name: string; readonly bytes: Buffer };

const refuse = (problem: string): Error => new Error(`not a zip that Lambda would take: ${problem}`);

const endOfDirectory = (zip: Buffer): number => {
  for (let at = zip.length - END_BYTES; at >= 0; at -= 1)
    if (zip.readUInt32LE(at) === END_SIGNATURE && at + END_BYTES + zip.readUInt16LE(at + 20) === zip.length) return at;
  throw refuse('it has no end of central directory');
};

const checkedName = (name: string): string => {
  const segments = name.split('/');
  if (name === '' || name.startsWith('/') || name.includes('\\') || name.includes('\0') || segments.includes('..'))
    throw refuse(`the entry name ${JSON.stringify(name)} leads out of the folder`);
  return name;
};

const inflate = (zip: Buffer, at: number, name: string): Buffer => {
  const method = zip.readUInt16LE(at + 10);
  const [packed, size, localAt] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 42)];
  if ((zip.readUInt16LE(at + 8) & ENCRYPTED_FLAG) !== 0) throw refuse(`${name} is encrypted`);
  if (size > MAX_UNPACKED_BYTES) throw refuse(`${name} is too large`);
  if (zip.readUInt32LE(localAt) !== LOCAL_SIGNATURE) throw refuse(`${name} has no local header`);
  const start = localAt + 30 + zip.readUInt16LE(localAt + 26) + zip.readUInt16LE(localAt + 28);
  const data = zip.subarray(start, start + packed);
  if (method !== STORED && method !== DEFLATED) throw refuse(`${name} uses compression method ${method}`);
  const bytes = method === STORED ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  if (bytes.length !== size) throw refuse(`${name} has ${bytes.length} bytes where ${size} were promised`);
  if (crc32(bytes) !== zip.readUInt32LE(at + 16)) throw refuse(`${name} is damaged`);
  return bytes;
};

/** The files of a zip in the order of its central directory; folders are implied by their files. */
export const readZip = (zip: Buffer): readonly ZipEntry[] => {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== CENTRAL_SIGNATURE) throw refuse(`entry ${index} is not in the central directory`);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = checkedName(zip.toString('utf8', at + 46, at + 46 + nameLength));
    if (!name.endsWith('/')) entries.push({ name, bytes: inflate(zip, at, name) });
    total += zip.readUInt32LE(at + 24);
    if (total > MAX_UNPACKED_BYTES) throw refuse(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
};

const readZipFile = async (zipFile: string): Promise<Buffer> => {
  try {
    return await readFile(zipFile);
  } catch (cause) {
    throw new Error(`${zipFile} cannot be read: run \`npm run package\` first`, { cause });
  }
};

/** Unpacks into a fresh temporary folder (a LAMBDA_TASK_ROOT) and returns its path; it goes with the process, or sooner if the caller removes it. */
export const unpackToTaskRoot = async (zipFile: string): Promise<string> => {
  const entries = readZip(await readZipFile(zipFile));
  const taskRoot = await makeTemporaryFolder('lambda-task-root-');
  for (const { name, bytes } of entries) {
    const file = path.join(taskRoot, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes, { mode: 0o644 });
  }
  return taskRoot;
};
