/** A strict HTTP/1.1 request reader over a raw socket, which reports every violation. */
import type { Readable } from 'node:stream';

/** A request exactly as it arrived. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The received bytes are not a valid HTTP/1.1 request. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
}

/** The peer closed the connection inside a request, as an aborted client does. */
class CutOff extends Error {
  override readonly name = 'CutOff';
}

export interface RequestReader {
  /** The next request, or undefined after the end of the connection. */
  next(): Promise<RawRequest | undefined>;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([A-Z]+) (\/[\x21-\x7e]*) HTTP\/1\.1$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const MAX_HEAD_BYTES = 65_536;

const headerLine = (line: string): readonly [string, string] => {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
  if (!TOKEN.test(name)) throw new ProtocolViolation('a header line has no valid name');
  if (!HEADER_VALUE.test(value)) throw new ProtocolViolation(`header ${name} holds a control character`);
  return [name, value];
};

const parseHead = (head: string): Omit<RawRequest, 'body'> => {
  const [first = '', ...lines] = head.split('\r\n');
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) {
    throw new ProtocolViolation('the request line is not "METHOD /target HTTP/1.1"');
  }
  const headers = lines.map(headerLine);
  const hosts = headers.filter(([name]) => name.toLowerCase() === 'host');
  if (hosts.length !== 1) throw new ProtocolViolation(`${hosts.length} Host headers instead of one`);
  return { method, target, headers };
};

type BodyFraming = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' };

const framing = (head: Omit<RawRequest, 'body'>): BodyFraming => {
  const all = (wanted: string) =>
    head.headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  const lengths = all('content-length');
  const codings = all('transfer-encoding');
  if (lengths.length + codings.length > 1) throw new ProtocolViolation('the body length is given more than once');
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') throw new ProtocolViolation('the transfer coding is not chunked');
    return { kind: 'chunked' };
  }
  const [given] = lengths;
  if (given === undefined) {
    if (head.method === 'POST') throw new ProtocolViolation('a POST without a body length');
    return { kind: 'length', bytes: 0 };
  }
  if (!/^\d{1,9}$/.test(given)) throw new ProtocolViolation('Content-Length is not a number');
  return { kind: 'length', bytes: Number(given) };
};

/** Reads requests one after another. */
export const readRequests = (socket: Readable): RequestReader => {
  let buffered: Buffer = Buffer.alloc(0);
  let ended = false;
  let wake = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    wake();
  });
  for (const event of ['end', 'close', 'error']) {
    socket.once(event, () => {
      ended = true;
      wake();
    });
  }

  const more = async (): Promise<boolean> => {
    if (ended) return false;
    const before = buffered.length;
    await new Promise<void>(resolve => {
      wake = resolve;
    });
    return buffered.length > before;
  };

  const take = async (count: number): Promise<Buffer> => {
    while (buffered.length < count) {
      if (!(await more())) throw new CutOff();
    }
    const taken = buffered.subarray(0, count);
    buffered = buffered.subarray(count);
    return taken;
  };

  const takeThrough = async (end: string, limit: number): Promise<string> => {
    let at = buffered.indexOf(end);
    while (at === -1) {
      if (buffered.length > limit) throw new ProtocolViolation(`more than ${limit} bytes of request head`);
      if (!(await more())) throw new CutOff();
      at = buffered.indexOf(end);
    }
    const taken = await take(at + end.length);
    return taken.subarray(0, at).toString('latin1');
  };

  const takeChunks = async (): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for (;;) {
      const size = await takeThrough('\r\n', 20);
      if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new ProtocolViolation('a chunk size is not hexadecimal');
      const chunk = await take(Number.parseInt(size, 16));
      if ((await takeThrough('\r\n', 2)) !== '') throw new ProtocolViolation('a chunk does not end where it says');
      if (chunk.length === 0) return Buffer.concat(chunks);
      chunks.push(chunk);
    }
  };

  const request = async (): Promise<RawRequest> => {
    const head = parseHead(await takeThrough('\r\n\r\n', MAX_HEAD_BYTES));
    const body = framing(head);
    return { ...head, body: body.kind === 'chunked' ? await takeChunks() : await take(body.bytes) };
  };

  const next = async (): Promise<RawRequest | undefined> => {
    try {
      return await request();
    } catch (error) {
      if (error instanceof CutOff) return undefined;
      throw error;
    }
  };

  return { next };
};
