/** CloudFront's rules for what a viewer-request function returns, written from its guide and apart from the code. */
import { membersOf } from '../../../src/domain/json.ts';

type Json = Readonly<Record<string, unknown>>;
type Line = readonly [key: string, value: string];

/**
 * What is wrong with a result: the request, edited, or a response in its place.
 * @param echoed the headers of PingOne's echo; undefined if PingOne was not asked.
 */
export const resultProblems = (result: unknown, request: Json, echoed: unknown): readonly string[] => {
  const members = membersOf(result);
  if (members === undefined) return ['no object'];
  return 'uri' in members ? requestProblems(members, request, echoed) : responseProblems(members, request);
};

/** A function may change these of a request, and nothing else. */
const CHANGEABLE = ['uri', 'querystring', 'headers', 'body'];
const READ_ONLY = ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via'];
/** Headers of one hop, which no permit changes. */
const HOP = [...READ_ONLY, 'connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'];
const FORBIDDEN = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'trailer',
  'upgrade',
  'x-cache',
  'x-forwarded-proto',
  'x-real-ip',
];

function requestProblems(edited: Json, request: Json, echoed: unknown): readonly string[] {
  const others = Object.keys({ ...edited, ...request }).filter(name => !CHANGEABLE.includes(name));
  const [before, after] = [linesOf(request['headers']), linesOf(edited['headers'])];
  const fresh = after.filter(([key, value]) => !before.some(line => line[0] === key && line[1] === value));
  const target = `${String(edited['uri'])}?${String(edited['querystring'])}`;
  const retargeted = edited['uri'] !== request['uri'] || edited['querystring'] !== request['querystring'];
  return [
    ...others.filter(name => edited[name] !== request[name]).map(name => `another ${name}`),
    ...(retargeted && (target.length > 8192 || !/^\/[!-~]*$/.test(target)) ? ['a target that CloudFront refuses'] : []),
    ...fresh.filter(line => !mayBeSet(line)).map(([key]) => `a header that must not be set: ${JSON.stringify(key)}`),
    ...READ_ONLY.filter(name => JSON.stringify(valuesOf(before, name)) !== JSON.stringify(valuesOf(after, name))).map(
      name => `a change of the read-only header ${name}`,
    ),
    ...(edited['body'] === request['body'] ? [] : bodyProblems(membersOf(edited['body']) ?? {})),
    ...staleHeaders(before, after, echoed),
  ];
}

/** A client's copy of a header whose value the permit changed or removed never goes on. */
function staleHeaders(before: readonly Line[], after: readonly Line[], echoed: unknown): readonly string[] {
  if (echoed === undefined) return [];
  const wanted = echoLines(echoed);
  const names = new Set(before.map(([key]) => key.toLowerCase()).filter(name => !HOP.includes(name)));
  return [...names].flatMap(name => {
    const [asked, permitted] = [valuesOf(before, name).join(), valuesOf(wanted, name).join()];
    const sent = valuesOf(after, name).join();
    return asked !== permitted && sent === asked && sent !== ''
      ? [`the client's own ${JSON.stringify(name)} goes on`]
      : [];
  });
}

function responseProblems(response: Json, request: Json): readonly string[] {
  const { status, headers, body = '', bodyEncoding, statusDescription = '' } = response;
  const lines = linesOf(headers);
  const bytes = lines.reduce((sum, [key, value]) => sum + Buffer.byteLength(`${key}: ${value}\r\n`), 0);
  return [
    ...(/^(?:204|[345]\d\d)$/.test(String(status)) ? [] : ['a status that no denial has']),
    ...(bytes + Buffer.byteLength(String(body)) <= 40_960 ? [] : ['a response larger than CloudFront takes']),
    ...lines.filter(line => !mayBeSet(line)).map(([key]) => `a header that must not be set: ${JSON.stringify(key)}`),
    ...(body === '' || (bodyEncoding === 'text' && typeof body === 'string' && body.isWellFormed())
      ? []
      : ['a body that is no text']),
    ...(/^[ -~]*$/.test(String(statusDescription)) ? [] : ['a status line that is none']),
    ...(body !== '' && request['method'] === 'HEAD' ? ['a body for HEAD'] : []),
    ...(Object.keys(response).every(name => ALLOWED.includes(name)) ? [] : ['members that CloudFront does not know']),
  ];
}

const ALLOWED = ['status', 'statusDescription', 'headers', 'body', 'bodyEncoding'];

function bodyProblems({ action, encoding, data, inputTruncated }: Json): readonly string[] {
  const fits = typeof data === 'string' && Buffer.byteLength(data) <= 40_960;
  return action === 'replace' && encoding === 'text' && fits && inputTruncated === false
    ? []
    : ['a body that CloudFront refuses'];
}

function mayBeSet([key, value]: Line): boolean {
  const name = key.toLowerCase();
  return (
    /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(key) &&
    ![...value].some(character => isUnsendable(character)) &&
    ![...READ_ONLY, ...FORBIDDEN, 'cloudfront-viewer-country'].includes(name) &&
    !/^x-(?:accel-|amz-cf-|edge-)/.test(name)
  );
}

/** A control character but the tab, half a character, a line or paragraph separator. */
function isUnsendable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (
    (code < 0x20 && code !== 9) ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xd800 && code < 0xe000) ||
    code === 0x2028 ||
    code === 0x2029
  );
}

/** The lines of a header map, each under the name that its line says. */
function linesOf(headers: unknown): readonly Line[] {
  return Object.entries(membersOf(headers) ?? {}).flatMap(([name, lines]) =>
    (Array.isArray(lines) ? lines : []).map((line: unknown): Line => {
      const { key = name, value } = membersOf(line) ?? {};
      return [String(key ?? name), String(value)];
    }),
  );
}

/** The lines of an echo. */
function echoLines(echoed: unknown): readonly Line[] {
  return (Array.isArray(echoed) ? echoed : []).flatMap((item: unknown) =>
    Object.entries(membersOf(item) ?? {}).filter((line): line is [string, string] => typeof line[1] === 'string'),
  );
}

function valuesOf(lines: readonly Line[], name: string): readonly string[] {
  return lines.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value.trim());
}
