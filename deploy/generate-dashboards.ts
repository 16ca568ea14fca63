/** Writes dist/dashboards.yaml from the dashboards that people paste, so that a stack gets them for its own function; part of `npm run package`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const DASHBOARDS = ['overview', 'outage'] as const;

/** What the pasted dashboards leave open, as the text that stands for it in another format. */
export interface Known {
  readonly functionName: string;
  readonly region: string;
  readonly namespace: string;
  /** How that format writes a `${` that is CloudWatch's own: its dynamic labels begin so. */
  readonly literalBrace: string;
}

const IN_CLOUDFORMATION: Known = {
  functionName: ref('FunctionName'),
  region: ref('AWS::Region'),
  namespace: ref('Namespace'),
  literalBrace: '${!',
};

function ref(parameter: string): string {
  return `\${${parameter}}`;
}

const HEAD = `# Written by deploy/generate-dashboards.ts from dashboards/*.json. Edit those, and run npm run package.
AWSTemplateFormatVersion: '2010-09-09'
Description: CloudWatch dashboards of one PingOne authorizer

Parameters:
  FunctionName:
    Type: String
  Namespace:
    Type: String

Resources:
`;

/** One dashboard on one line, its open ends filled. */
export function dashboardBody(name: string, { functionName, region, namespace, literalBrace }: Known): string {
  const source = readFileSync(new URL(`../dashboards/${name}.json`, import.meta.url), 'utf8');
  const filled: readonly (readonly [string, string])[] = [
    ['${', literalBrace],
    ['your-authorizer-function', functionName],
    ['"__FIRST"', `"${functionName}"`],
    ['"us-east-1"', `"${region}"`],
    ['"PingOneAuthorizer"', `"${namespace}"`],
    ['{PingOneAuthorizer,', `{${namespace},`],
  ];
  return filled.reduce((body, [open, text]) => body.replaceAll(open, () => text), JSON.stringify(JSON.parse(source)));
}

function dashboard(name: string): string {
  const logicalId = `${name.charAt(0).toUpperCase()}${name.slice(1)}Dashboard`;
  return `  ${logicalId}:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: !Sub \${FunctionName}-${name}
      DashboardBody: !Sub |-
        ${dashboardBody(name, IN_CLOUDFORMATION)}
`;
}

export const DASHBOARDS_TEMPLATE = new URL('../dist/dashboards.yaml', import.meta.url);

export function dashboardsTemplate(): string {
  return HEAD + DASHBOARDS.map(dashboard).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(new URL('.', DASHBOARDS_TEMPLATE), { recursive: true });
  writeFileSync(DASHBOARDS_TEMPLATE, dashboardsTemplate());
}
