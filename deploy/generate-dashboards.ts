/** Writes dist/dashboards.yaml from the dashboards that people paste, so that a stack gets them for its own function; part of `npm run package`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DASHBOARDS = ['overview', 'outage'];

function ref(parameter: string): string {
  return `\${${parameter}}`;
}

/** What the pasted dashboards leave open -> what the stack knows. */
const PLACEHOLDERS: readonly (readonly [string, string])[] = [
  ['your-authorizer-function', ref('FunctionName')],
  ['"__FIRST"', `"${ref('FunctionName')}"`],
  ['"us-east-1"', `"${ref('AWS::Region')}"`],
  ['"PingOneAuthorizer"', `"${ref('Namespace')}"`],
  ['{PingOneAuthorizer,', `{${ref('Namespace')},`],
];

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

function dashboardBody(name: string): string {
  const source = readFileSync(new URL(`../dashboards/${name}.json`, import.meta.url), 'utf8');
  // Fn::Sub takes ${...} for a parameter; CloudWatch's own dynamic labels are written that way too.
  const json = JSON.stringify(JSON.parse(source)).replaceAll('${', '${!');
  return PLACEHOLDERS.reduce((body, [open, known]) => body.replaceAll(open, known), json);
}

function dashboard(name: string): string {
  const logicalId = `${name.charAt(0).toUpperCase()}${name.slice(1)}Dashboard`;
  return `  ${logicalId}:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: !Sub \${FunctionName}-${name}
      DashboardBody: !Sub |-
        ${dashboardBody(name)}
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
