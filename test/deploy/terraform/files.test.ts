/** Every Terraform file: its names resolve, and its arguments are those that the providers know. */
import { describe, expect, it } from 'vitest';
import { type Body, bodyOf, type Module } from '../../../scripts/terraform-files.ts';
import { AWS_DATA_SOURCES, AWS_RESOURCES, type Shape } from './aws-shapes.ts';
import { ALL, blocksNamed, EXAMPLES, expression, MODULE, texts } from './files.ts';
import { PINGONE_RESOURCES } from './pingone-shapes.ts';

const RESOURCES: Readonly<Record<string, Shape>> = { ...AWS_RESOURCES, ...PINGONE_RESOURCES };

/** Terraform's own, for every resource. */
const META = new Set(['count', 'for_each', 'provider', 'depends_on', 'lifecycle', 'dynamic']);

const words = (text: string | undefined): readonly string[] => text?.split(' ') ?? [];

/** What is wrong with the arguments of a block. */
const complaints = (where: string, body: Body, shape: Shape | undefined): readonly string[] => {
  if (shape === undefined) return [`${where} is not known`];
  const { required, optional, blocks = {} } = shape;
  const known = new Set([...words(required), ...words(optional), ...Object.keys(blocks)]);
  const dynamic = Object.keys(bodyOf(body['dynamic']));
  const given = [...Object.keys(body).filter(name => !META.has(name)), ...dynamic];
  return [
    ...given.filter(name => !known.has(name)).map(name => `${where} has no ${name}`),
    ...words(required)
      .filter(name => !given.includes(name))
      .map(name => `${where} lacks ${name}`),
    ...Object.entries(blocks).flatMap(([name, inner]) =>
      blocksNamed(body, name).flatMap(block => complaints(`${where}.${name}`, block, inner)),
    ),
  ];
};

/** What the files of one folder refer to and do not have. */
const dangling = ({ variables, locals, resources, dataSources, modules, outputs }: Module): readonly string[] => {
  const all = [variables, locals, ...resources.values(), ...dataSources.values(), ...modules.values(), outputs];
  const code = all
    .flatMap(body => texts(body))
    .filter(({ path }) => !path.includes('description'))
    .map(({ text }) => text);
  const found = (pattern: RegExp): readonly RegExpExecArray[] => code.flatMap(text => [...text.matchAll(pattern)]);
  const declared = new Set(variables.map(({ name }) => name));
  const readable = (shape: Shape | undefined): readonly string[] =>
    ['required', 'optional', 'computed']
      .flatMap(kind => words(Reflect.get(shape ?? {}, kind)))
      .concat(Object.keys(shape?.blocks ?? {}));
  const attribute =
    (types: Readonly<Record<string, Shape>>, owned: ReadonlyMap<string, Body>) => (match: RegExpExecArray) => {
      const [text, type = '', name = '', member] = match;
      if (!owned.has(`${type}.${name}`)) return [text];
      return member === undefined || readable(types[type]).includes(member) ? [] : [text];
    };
  return [
    ...found(/\bvar\.(\w+)/g).flatMap(([text, name = '']) => (declared.has(name) ? [] : [text])),
    ...found(/\blocal\.(\w+)/g).flatMap(([text, name = '']) => (name in locals ? [] : [text])),
    ...found(/(?<![\w.:/-])((?:aws|pingone)_\w+)\.(\w+)(?:\.(\w+))?/g).flatMap(attribute(RESOURCES, resources)),
    ...found(/\bdata\.(aws_\w+)\.(\w+)\.(\w+)/g).flatMap(attribute(AWS_DATA_SOURCES, dataSources)),
    ...found(/\bmodule\.(\w+)\.(\w+)/g).flatMap(([text, name = '', output]) =>
      modules.has(name) && MODULE.outputs.some(known => known.name === output) ? [] : [text],
    ),
  ];
};

describe.each(ALL)('the files of $name', ({ files }) => {
  it('name only what is there', () => {
    expect(dangling(files)).toEqual([]);
  });

  it('use every variable', () => {
    const code = JSON.stringify([files.locals, ...[files.resources, files.modules].map(map => [...map.values()])]);
    expect(files.variables.filter(({ name }) => !new RegExp(`\\bvar\\.${name}\\b`).test(code))).toEqual([]);
  });

  it.each([...files.resources])('%s has the arguments of its provider', (address, body) => {
    expect(complaints(address, body, RESOURCES[address.split('.')[0] ?? ''])).toEqual([]);
  });

  it('say which Terraform and which providers they need', () => {
    expect(files.settings['required_version']).toMatch(/^>= 1\.\d+$/);
    const providers = new Set([...files.resources.keys()].map(address => address.split('_')[0] ?? ''));
    const [required] = [files.settings['required_providers']].flat();
    expect(Object.keys(bodyOf(required))).toEqual(files === MODULE ? ['aws'] : expect.arrayContaining([...providers]));
  });

  it('describe every variable and output', () => {
    for (const { description } of [...files.variables, ...files.outputs]) expect(description).toMatch(/^\S.*\.$/);
  });
});

describe.each(EXAMPLES)('the call of the module in the example $name', ({ files }) => {
  const call = files.modules.get('pingone_authorizer') ?? {};

  it('gives what the module knows, and what it requires', () => {
    const given = Object.keys(call).filter(name => name !== 'source');
    const known = MODULE.variables.map(({ name }) => name);
    expect(given.filter(name => !known.includes(name))).toEqual([]);
    expect(MODULE.variables.filter(({ name, required }) => required && !given.includes(name))).toEqual([]);
  });

  it('lets exactly its own API in', () => {
    expect(call['source']).toBe('../..');
    const [api = ''] = [...files.resources.keys()].filter(key =>
      /^aws_(?:api_gateway_rest_api|apigatewayv2_api)\./.test(key),
    );
    expect(Object.values(bodyOf(call['apis']))).toEqual([{ api_id: expression(`${api}.id`) }]);
  });
});
