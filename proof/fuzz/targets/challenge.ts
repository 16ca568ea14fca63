/** Target: any `WWW-Authenticate` lines; which of them go on to the client, and whether one asks for a stronger login. */
import { asksForStepUp, challengeOf, stepUpAsked } from '../../../src/sideband/challenge.ts';
import type { Target } from '../target.ts';

export const challengeTarget: Target = {
  name: 'challenge',
  files: ['sideband/challenge.ts', 'domain/request.ts'],
  seeds: [
    ['Bearer realm="x", error="insufficient_user_authentication", acr_values="a b", max_age=0'],
    ['Bearer error = insufficient_user_authentication'],
    ['Bearer error="invalid_token", error_description="max_age=0 and \\"acr_values=1\\""', 'Basic realm="é"'],
    ['DPoP algs="ES256", ACR_VALUES=x', 'Digest qop="auth"\tmax_age=1', ''],
    ['Negotiate YII=, Bearer'],
    'Bearer max_age="',
  ],
  trials: [],
  words: [
    'Bearer ',
    'Basic ',
    'realm',
    'error',
    'error_description',
    'insufficient_user_authentication',
    'acr_values',
    'max_age',
    'scope',
    '="',
    '=',
    '", ',
    '\\"',
    'a="\\',
    'aaaaaaaaaaaaaaaa',
  ],
  batch: 500,
  maxLength: 150_000,
  run: input => {
    const texts = (Array.isArray(input) ? input : [input]).filter(item => typeof item === 'string');
    const lines = texts.map(text => ['WWW-Authenticate', text] as const);
    const passed = challengeOf(lines);
    const asciiOnes = texts.filter(text => /^[ -~]+$/.test(text)).join(', ');
    const wanted = texts.filter(text => !hasControl(text)).some(wantsStepUp);
    return [
      ...((passed ?? '') === asciiOnes ? [] : ['another challenge goes on than those in ASCII']),
      ...(passed === '' ? ['an empty challenge goes on'] : []),
      ...(stepUpAsked(lines) === wanted ? [] : [wanted ? 'a step-up is missed' : 'a step-up that nobody asked for']),
      ...texts.flatMap(text => (asksForStepUp(text) === wantsStepUp(text) ? [] : ['one line is read in another way'])),
    ];
  },
};

function hasControl(text: string): boolean {
  return [...text].some(character => character <= '\x1f' || (character >= '\x7f' && character <= '\x9f'));
}

const TOKEN = new Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
const SPACE = /\s/;

/** The parameters of a challenge read one character after the other, without any expression that could go back. */
function wantsStepUp(text: string): boolean {
  let at = 0;
  const spanOf = (is: (character: string) => boolean): string => {
    const from = at;
    while (at < text.length && is(text.charAt(at))) at += 1;
    return text.slice(from, at);
  };
  while (at < text.length) {
    const name = spanOf(character => TOKEN.has(character)).toLowerCase();
    if (name === '') {
      at += 1;
      continue;
    }
    const after = at;
    spanOf(character => SPACE.test(character));
    if (text.charAt(at) !== '=') {
      at = after;
      continue;
    }
    at += 1;
    spanOf(character => SPACE.test(character));
    const quotedEnd = text.charAt(at) === '"' ? endOfQuoted(text, at) : undefined;
    const token =
      quotedEnd === undefined
        ? spanOf(character => !SPACE.test(character) && character !== '"' && character !== ',')
        : '';
    if (quotedEnd === undefined && token === '') {
      at = after;
      continue;
    }
    const value = quotedEnd === undefined ? token : text.slice(at + 1, quotedEnd - 1);
    at = quotedEnd ?? at;
    if (name === 'acr_values' || name === 'max_age') return true;
    if (name === 'error' && value.toLowerCase() === 'insufficient_user_authentication') return true;
  }
  return false;
}

/** Behind the closing quote; undefined if there is none. A backslash takes the next character with it, a line break it does not. */
function endOfQuoted(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    if (character !== '\\') continue;
    at += 1;
    if (at >= text.length || /[\n\r\u2028\u2029]/.test(text.charAt(at))) return undefined;
  }
  return undefined;
}
