/** The settings that an edge function has and an authorizer of API Gateway has not. docs/edge.md shows them. */
import { flag, integer, oneOf, type Parser, Problem } from '../config/parsers.ts';
import { parameterReference, secretReference } from '../config/secret-references.ts';
import { optional, row, type ValuesOf } from '../config/variable-table.ts';
import { isShown } from './function-restrictions.ts';

export const EDGE_ROWS = {
  PINGONE_CREDENTIAL_REGION: row(
    '',
    matching(/^(?:|[a-z]{2}(?:-[a-z]+)+-\d)$/, 'a region such as "eu-west-1"'),
    'The region of the secret or parameter. May be left out if its ARN is given, which holds it.',
  ),
  SEND_BODY: row('false', flag, 'Send the request body to PingOne. Needs Include Body in the CloudFront association.'),
  ON_INCOMPLETE_BODY: row(
    'deny',
    oneOf('deny', 'omit'),
    'A body that CloudFront does not show whole (above 40 KB, or Include Body is off) or that is not UTF-8 text: `deny` refuses with 400, `omit` asks PingOne without it.',
  ),
  PREFLIGHT: row(
    'ask',
    oneOf('ask', 'pass', 'answer'),
    'What becomes of a CORS preflight. `ask`: PingOne decides, as on every request. `pass`: it goes to the origin. `answer`: the function answers it for `CORS_ALLOWED_ORIGINS`.',
  ),
  CORS_ALLOWED_ORIGINS: row(
    '',
    origins,
    'Comma list of exact origins, such as `https://app.example.com`. Scripts of these can read denials. Required with `PREFLIGHT` set to `answer`.',
  ),
  CORS_ALLOW_CREDENTIALS: row(
    'false',
    flag,
    'Tell browsers that scripts of those origins may send cookies. Bearer tokens do not need it.',
  ),
  TRUSTED_IP_HEADER: optional(
    'off',
    addressHeader,
    "The header in which another CDN in front of CloudFront names the client's address: PingOne is told that one as `source_ip`. A request in which it is not one address is refused with 400.",
  ),
  SETTINGS_PARAMETER: optional(
    'off',
    naming(parameterReference, 'parameter'),
    'Name or ARN of an SSM parameter with settings that may change without a new version.',
  ),
  SETTINGS_SECRET: optional(
    'off',
    naming(secretReference, 'secret'),
    'The same in a Secrets Manager secret. Set at most one of the two.',
  ),
  SETTINGS_TTL_MS: row(
    '300000',
    integer(1000, 86_400_000),
    'How long settings from there are used before they are read again.',
  ),
  FUNCTION_NAME: row(
    'aws-lambda-edge',
    matching(/^[\w-]{1,64}$/, '1 to 64 letters, digits, "-" and "_"'),
    'The dimension FunctionName of the metrics.',
  ),
};

/** Setting name -> its typed value. */
export type EdgeValues = ValuesOf<typeof EDGE_ROWS>;

function matching(pattern: RegExp, wanted: string): Parser<string> {
  return text => {
    if (!pattern.test(text)) throw new Problem(`must be ${wanted}`);
    return text;
  };
}

/** A reference to a store, whose own words are about the credential. */
function naming(parse: Parser<string>, kind: string): Parser<string> {
  return text => {
    try {
      return parse(text);
    } catch (problem) {
      throw problem instanceof Problem ? new Problem(`must be the name or the ARN of a ${kind}`) : problem;
    }
  };
}

/** Exact origins, each as browsers write it in the header Origin. */
function origins(text: string): readonly string[] {
  const items = text === '' ? [] : text.split(',').map(item => item.trim());
  for (const item of items) refuseInexact(item);
  return Object.freeze([...new Set(items)]);
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Schemes of installed applications, `capacitor://localhost`, have no origin by the rules of `URL`. */
const APPLICATION = /^(?!https?:|null)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?$/;

function refuseInexact(origin: string): void {
  if (origin.includes('*')) {
    throw new Problem('must not hold "*": scripts of every page could then read what PingOne says of a user');
  }
  const url = URL.parse(origin);
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if ((isWeb && url.origin === origin) || APPLICATION.test(origin)) return;
  throw new Problem(
    'must be a comma list of exact origins as browsers send them: scheme and host in lower case, no path, no default port, https:// (http:// is accepted for loopback hosts alone)',
  );
}

function addressHeader(text: string): string {
  const name = text.toLowerCase();
  if (!/^[a-z0-9_-]+$/.test(name)) throw new Problem('must be a header name');
  if (!isShown(name)) throw new Problem('must be a header that CloudFront shows to functions');
  return name;
}
