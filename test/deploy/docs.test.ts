/** The guides name only what exists: variables, parameters and reason codes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROWS } from '../../src/config/variables.ts';
import { FAULT_CODES, POLICY_REASONS } from '../../src/domain/errors.ts';
import { EDGE_ROWS } from '../../src/edge/variables.ts';
import { at, EXAMPLES, example, readTemplate, resourcesOf, TEMPLATE, underFormat } from './templates.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const read = (file: string | URL): string => readFileSync(new URL(file, DOCS), 'utf8');
const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(match => match[1] ?? match[0]);

const REASONS: ReadonlySet<string> = new Set([...POLICY_REASONS, ...FAULT_CODES]);
const API_GATEWAY = new Set(['ACCESS_DENIED', 'AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR']);
/** What the guides set in a shell and use below. */
const SHELL = new Set(['ACCESS_TOKEN', 'API_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'ENVIRONMENT_ID']);
const PARAMETERS = new Set([TEMPLATE, ...EXAMPLES].flatMap(path => Object.keys(readTemplate(path).Parameters)));

describe.each([
  'deploying',
  'migrating',
  'client-behaviour',
  'caching-at-the-gateway',
  'caching',
  'networks',
  'edge',
  'getting-started',
  'lifecycle',
  'cost',
  'sizing',
  'permissions',
  'game-day',
])('docs/%s.md', name => {
  const text = read(`${name}.md`);

  it('names variables and reason codes that exist', () => {
    const names = all(text, /(?<![\w.])[A-Z]+(?:_[A-Z]+)+(?![\w.])/g);
    const unknown = names.filter(
      word => !(word in ROWS || word in EDGE_ROWS || REASONS.has(word) || API_GATEWAY.has(word) || SHELL.has(word)),
    );
    expect(unknown.filter(word => !/^(?:CAPABILITY|AWS|OTEL_EXPORTER_OTLP)_/.test(word))).toEqual([]);
  });

  it('gives parameters that exist', () => {
    const given = all(text, /(?<![\w-])([A-Z][A-Za-z]+)=["\w]/g).filter(word => !/^[A-Z]+$/.test(word));
    expect(given.filter(parameter => !PARAMETERS.has(parameter))).toEqual([]);
  });
});

describe.each([['docs/deploying.md', 'deploying.md', '## Console', '## Check it']])(
  'the console steps of %s',
  (_, file, from, to) => {
    const steps = read(file).split(from)[1]?.split(to)[0] ?? '';
    const [api] = resourcesOf(example('rest-api'), 'AWS::Serverless::Api');
    const denied = at(api?.Properties['GatewayResponses'], 'ACCESS_DENIED', 'ResponseTemplates', 'application/json');

    it('give the client the reason that rest-api.yaml gives, before the API is deployed', () => {
      const template = underFormat(denied, 'reason') ?? 'none';
      expect(steps).toContain(template);
      expect(steps.slice(steps.indexOf(template))).toMatch(/\*\*Deploy (?:the )?API\*\*/);
    });

    it('leave the invoke role blank, the cache off, and OPTIONS to the preflight', () => {
      expect(steps).toMatch(/invoke role\W+blank/);
      expect(steps).toMatch(/caching\W+off/);
      expect(steps).toMatch(/`ANY` includes OPTIONS/);
      expect(steps).toMatch(/(?:once|one) for each API/);
    });
  },
);
