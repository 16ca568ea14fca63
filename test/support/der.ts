/** The handful of DER encodings that an X.509 certificate needs, so that tests need no openssl. */
const length = (count: number): Buffer => {
  if (count < 0x80) return Buffer.from([count]);
  const hex = count.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
};

const tagged = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([tag]), length(content.length), content]);

const base128 = (value: number): readonly number[] => {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) | 0x80);
  }
  return digits;
};

/** A non-negative integer, given as big-endian bytes. */
export const integer = (bytes: Buffer): Buffer => {
  const signed = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return tagged(0x02, signed);
};

/** An object identifier in dotted form. */
export const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};

/** A point in time, in the form that X.509 wants up to the year 2049. */
export const utcTime = (at: Date): Buffer =>
  tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));

export const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]));
export const bitString = (bytes: Buffer, unusedBits = 0): Buffer =>
  tagged(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes]));
export const octetString = (bytes: Buffer): Buffer => tagged(0x04, bytes);
export const utf8String = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
export const sequence = (...items: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(items));
export const set = (...items: readonly Buffer[]): Buffer => tagged(0x31, Buffer.concat(items));
/** An explicitly tagged member such as `[0]` or `[3]`. */
export const context = (number: number, content: Buffer): Buffer => tagged(0xa0 | number, content);
/** An implicitly tagged primitive member, as subject alternative names use. */
export const primitive = (number: number, content: Buffer): Buffer => tagged(0x80 | number, content);
