/** HTTP 200 with a `response`, in every spelling. None of them is a permit. */
import type { ReasonCode } from '../../src/domain/errors.ts';
import type { HeaderLine } from './behaviours.ts';
import { answered, echoed, echoedWith, type HostileReply } from './hostile-reply.ts';

const bad: readonly ReasonCode[] = ['PDP_BAD_REPLY'];
const badOrDenied: readonly ReasonCode[] = ['PDP_BAD_REPLY', 'POLICY_DENIED'];

const denied = (title: string, response: Readonly<Record<string, unknown>>): HostileReply => [
  `a denial: ${title}`,
  echoed({ response: { response_status: 'Forbidden', http_version: '1.1', headers: [], ...response } }),
  ['POLICY_DENIED'],
];

const challenged = (title: string, code: string, challenge: HeaderLine, reason: ReasonCode): HostileReply => [
  title,
  echoed({ response: { response_code: code, response_status: 'x', headers: [{ [challenge[0]]: challenge[1] }] } }),
  [reason],
];

const STEP_UP = 'Bearer error="insufficient_user_authentication", acr_values="mfa", max_age="60"';

const codes: readonly HostileReply[] = [
  denied('plain', { response_code: '403', body: '{"code":"ACCESS_FAILED","message":"no"}' }),
  denied('a code that is a number', { response_code: 403 }),
  denied('404', { response_code: '404' }),
  denied('451', { response_code: '451' }),
  denied('500', { response_code: '500' }),
  denied('200 inside response', { response_code: '200', response_status: 'OK' }),
  denied('200 inside response, as a number', { response_code: 200 }),
  denied('204 inside response', { response_code: '204' }),
  denied('302 inside response', { response_code: '302', headers: [{ Location: 'https://evil.example/' }] }),
  denied('101 inside response', { response_code: '101' }),
  denied('no code', {}),
  denied('a code of null', { response_code: null }),
  denied('a code of 0', { response_code: 0 }),
  denied('a negative code', { response_code: -403 }),
  denied('a code of 99', { response_code: '99' }),
  denied('a code of 600', { response_code: '600' }),
  denied('a code of 1e3', { response_code: '1e3' }),
  denied('a fractional code', { response_code: 403.5 }),
  denied('a code with a line break', { response_code: '403\r\nX: y' }),
  denied('a code in words', { response_code: 'permit' }),
  denied('an empty code', { response_code: '' }),
  denied('a code of true', { response_code: true }),
  denied('a code in an array', { response_code: ['200'] }),
  denied('a code in an object', { response_code: { value: 200 } }),
  denied('a code in another script', { response_code: '４０３' }),
  denied('headers as a map', { response_code: '403', headers: { 'WWW-Authenticate': 'Bearer' } }),
  denied('headers null', { response_code: '403', headers: null }),
  denied('headers a string', { response_code: '403', headers: 'x' }),
  denied('headers of nulls', { response_code: '403', headers: [null, 1, 'x', []] }),
  denied('a body that is an object', { response_code: '403', body: { a: 1 } }),
  denied('a body that is huge', { response_code: '403', body: JSON.stringify({ a: 'x'.repeat(100_000) }) }),
  denied('a body with control characters', { response_code: '403', body: '{"message":"\\u0000\\u2028\\"\\\\"}' }),
  denied('a status text that is an object', { response_code: '403', response_status: {} }),
  ['an empty response', echoed({ response: {} }), ['POLICY_DENIED']],
  ['a response without the echo', answered('{"response":{"response_code":"403"}}'), ['POLICY_DENIED']],
  ['a 401', echoed({ response: { response_code: '401', headers: [] } }), ['UNAUTHENTICATED']],
  ['a 401 as a number', echoed({ response: { response_code: 401 } }), ['UNAUTHENTICATED']],
  challenged('a 401 with a challenge', '401', ['www-authenticate', 'Bearer error="invalid_token"'], 'UNAUTHENTICATED'),
  challenged('a step-up with 401', '401', ['WWW-Authenticate', STEP_UP], 'STEP_UP_REQUIRED'),
  challenged('a step-up with 403', '403', ['www-authenticate', STEP_UP], 'STEP_UP_REQUIRED'),
  challenged('a step-up by max_age', '401', ['WWW-Authenticate', 'Bearer max_age="0"'], 'STEP_UP_REQUIRED'),
  challenged('a step-up text beside a 404', '404', ['WWW-Authenticate', STEP_UP], 'POLICY_DENIED'),
];

const noObjects: readonly HostileReply[] = [
  ['response true', echoed({ response: true }), bad],
  ['response false', echoed({ response: false }), bad],
  ['response 0', echoed({ response: 0 }), bad],
  ['response 403', echoed({ response: 403 }), bad],
  ['response empty', echoed({ response: '' }), bad],
  ['response a string', echoed({ response: '403' }), bad],
  ['response "null"', echoed({ response: 'null' }), bad],
  ['response an empty array', echoed({ response: [] }), bad],
  ['response an array of one', echoed({ response: [{ response_code: '403' }] }), bad],
];

const repeated: readonly HostileReply[] = [
  ['response twice, an object and null', echoedWith('"response":{"response_code":"403"},"response":null'), badOrDenied],
  ['response twice, null and an object', echoedWith('"response":null,"response":{"response_code":"403"}'), badOrDenied],
  ['response twice, a string and null', echoedWith('"response":"no","response":null'), bad],
  [
    'response twice, the first one escaped',
    echoedWith('"r\\u0065sponse":{"response_code":"403"},"response":null'),
    badOrDenied,
  ],
  [
    'response twice, the last one escaped',
    echoedWith('"response":{"response_code":"403"},"\\u0072esponse" : null'),
    badOrDenied,
  ],
  [
    'response twice, the first one with a small hex digit',
    echoedWith('"resp\\u006f\\u006ese":{"response_code":"403"},"response":null'),
    badOrDenied,
  ],
  [
    'response twice, the first one with a capital hex digit',
    echoedWith('"resp\\u006F\\u006Ese":{"response_code":"403"},"response":null'),
    badOrDenied,
  ],
  ['an escaped response', echoedWith('"\\u0072\\u0065sponse":{"response_code":"403"}'), ['POLICY_DENIED']],
];

export const hostileDenials: readonly HostileReply[] = [...codes, ...noObjects, ...repeated];
