/** What the edge function's role may do: read the items that its settings name, and write logs in every region. */
import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { EdgeSettings } from './edge-package.ts';

type Service = 'secretsmanager' | 'ssm';

/** Setting -> the service that holds what it names. */
const REFERENCES: Readonly<Record<string, Service>> = {
  PINGONE_GATEWAY_CREDENTIAL_SECRET: 'secretsmanager',
  PINGONE_GATEWAY_CREDENTIAL_PARAMETER: 'ssm',
  SETTINGS_SECRET: 'secretsmanager',
  SETTINGS_PARAMETER: 'ssm',
};

const ACTIONS: Readonly<Record<Service, string>> = {
  secretsmanager: 'secretsmanager:GetSecretValue',
  ssm: 'ssm:GetParameter',
};

interface Item {
  readonly service: Service;
  readonly region: string;
  readonly arn: string;
}

/** Reads of exactly what is named; a customer managed key only through its store, in the region of the store. */
export function edgeStatements(stack: Stack, settings: EdgeSettings, keyArn: string | undefined): PolicyStatement[] {
  const items = Object.entries(REFERENCES).flatMap(([setting, service]) => {
    const id = settings[setting];
    return typeof id === 'string' && id !== '' ? [itemOf(stack, service, id, settings)] : [];
  });
  const reads = items.map(({ service, arn }) => new PolicyStatement({ actions: [ACTIONS[service]], resources: [arn] }));
  if (keyArn === undefined) return reads;
  const stores = [...new Set(items.map(({ service, region }) => `${service}.${region}.${stack.urlSuffix}`))];
  const conditions = { StringEquals: { 'kms:ViaService': stores.length === 1 ? stores[0] : stores } };
  return [...reads, new PolicyStatement({ actions: ['kms:Decrypt'], resources: [keyArn], conditions })];
}

/** The function runs, and logs, in the region nearest to the client. */
export function edgeLogStatement(stack: Stack, functionName: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`arn:${stack.partition}:logs:*:${stack.account}:log-group:/aws/lambda/us-east-1.${functionName}:*`],
  });
}

function itemOf(stack: Stack, service: Service, id: string, settings: EdgeSettings): Item {
  if (id.startsWith('arn:')) {
    const { region = '' } = Arn.split(id, ArnFormat.COLON_RESOURCE_NAME);
    return { service, region, arn: service === 'ssm' ? withoutSelector(id) : whole(id) };
  }
  const region = String(settings['PINGONE_CREDENTIAL_REGION'] ?? '') || regionOfCredential(settings);
  const resource = service === 'ssm' ? `parameter/${withoutSelector(id).replace(/^\//, '')}` : `secret:${id}-??????`;
  return { service, region, arn: `arn:${stack.partition}:${service}:${region}:${stack.account}:${resource}` };
}

/** What is named beside the credential is in its region. */
function regionOfCredential(settings: EdgeSettings): string {
  const id = settings['PINGONE_GATEWAY_CREDENTIAL_SECRET'] || settings['PINGONE_GATEWAY_CREDENTIAL_PARAMETER'];
  return String(id ?? '').split(':')[3] ?? '';
}

/** Secrets Manager adds six characters to a name; an ARN may be given without them. */
function whole(arn: string): string {
  return /-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-??????`;
}

/** A version or label is part of the request, not of the parameter's ARN. */
function withoutSelector(id: string): string {
  const parts = id.split(':');
  return id.startsWith('arn:') ? parts.slice(0, 6).join(':') : (parts[0] ?? '');
}
