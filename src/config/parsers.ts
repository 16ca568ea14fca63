/** Text of one environment variable -> typed value. A parser throws a Problem that says which values are right. */

/** The reason why a variable's text is wrong, without the text. */
export class Problem extends Error {}

export type Parser<T> = (text: string) => T;

/** RFC 9110 token. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** Printable ASCII without white space at its ends. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

export const integer =
  (min: number, max: number): Parser<number> =>
  text => {
    const value = /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Problem(`must be a whole number from ${min} to ${max}`);
    return value;
  };

export const oneOf =
  <const T extends string>(...choices: readonly T[]): Parser<T> =>
  text => {
    const choice = choices.find(candidate => candidate === text);
    if (choice === undefined) throw new Problem(`must be ${choices.map(name => `"${name}"`).join(' or ')}`);
    return choice;
  };

export const flag: Parser<boolean> = text => oneOf('true', 'false')(text) === 'true';

/** Whether a value can be sent in a header unchanged. */
export const isHeaderValue = (text: string): boolean => HEADER_VALUE.test(text);

export const secretHeaderValue: Parser<string> = text => {
  if (!isHeaderValue(text)) throw new Problem('must be printable ASCII without white space at its ends');
  return text;
};

/** Placeholders that documents leave for the reader to fill in: `<id>`, `{id}`, `${ID}`, `YOUR_ID`, also percent-encoded by a browser. */
const PLACEHOLDERS = [/[<>{}]|%(?:3[ce]|7[bd])/i, /\bYOUR[_-]/];

/** Refuses a value that still holds a placeholder. */
export const refusePlaceholder = (text: string): void => {
  if (PLACEHOLDERS.some(placeholder => placeholder.test(text))) {
    throw new Problem('still holds a placeholder such as <id>: put the real value in its place');
  }
};

/** The headers that the call to PingOne sets itself, and those that belong to one connection. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'baggage',
  'connection',
  'content-length',
  'content-type',
  'correlation-id',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

export const credentialHeader: Parser<string> = text => {
  if (!TOKEN.test(text)) throw new Problem('must be a header name');
  if (OWN_HEADERS.has(text.toLowerCase())) throw new Problem('must not be a header that the call uses for itself');
  return text;
};

export const headerNames: Parser<readonly string[]> = text => {
  const names = items(text).map(name => name.toLowerCase());
  if (!names.every(name => /^[a-z0-9_-]+$/.test(name))) {
    throw new Problem('must be a comma list of header names made of letters, digits, "-" and "_"');
  }
  if (new Set(names.map(name => name.replaceAll('-', '_'))).size !== names.length) {
    throw new Problem('must not name a header twice ("-" and "_" give the same context key)');
  }
  return Object.freeze(names);
};

/** The items of a comma list. An empty text is an empty list; an empty item stays, so that its parser refuses it. */
function items(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map(item => item.trim());
}

export const cacheKeyParts: Parser<readonly string[]> = text => {
  const parts = items(text).map(part => {
    const header = /^header:(.+)$/.exec(part)?.[1];
    if (header !== undefined && TOKEN.test(header)) return `header:${header.toLowerCase()}`;
    return oneOf('method', 'url', 'authorization', 'sourceIp')(part);
  });
  if (!parts.some(part => part === 'authorization' || part.startsWith('header:'))) {
    throw new Problem('must hold "authorization" or a "header:<name>", or one caller would get another\'s permit');
  }
  if (new Set(parts).size !== parts.length) throw new Problem('must not name a part twice');
  return Object.freeze(parts);
};

export const metricsNamespace: Parser<string> = text => {
  if (!/^[\w./#: -]{1,255}$/.test(text) || text.startsWith('AWS/') || text.trim() !== text) {
    throw new Problem(
      'must be a CloudWatch namespace: 1 to 255 of letters, digits, ".-_/#: ", not starting with "AWS/"',
    );
  }
  return text;
};
