/** Header values as CloudFront's functions see them, in UTF-8, and as node:http reads and writes them, a character for each byte. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that the bytes of a header value stand for; the value itself where they are no UTF-8. */
export const textOf = (value: string): string => {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
};

/** The bytes of a text, a character for each. */
export const wireValueOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
