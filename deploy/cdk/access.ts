/** Gives the function's role what it needs, and nothing more: its credential, and in a VPC its network interfaces. */
import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** A secret (plain string, or JSON with the key `credential`) or a SecureString parameter. */
export type CredentialSource = ISecret | IStringParameter;

interface StoredCredential {
  readonly service: 'secretsmanager' | 'ssm';
  readonly action: string;
  readonly resource: string;
  readonly variable: string;
  readonly id: string;
  readonly key?: IKey | undefined;
}

function stored(source: CredentialSource): StoredCredential {
  if ('secretArn' in source) {
    return {
      service: 'secretsmanager',
      action: 'secretsmanager:GetSecretValue',
      // A secret that is known by name alone lacks the six characters that Secrets Manager adds.
      resource: source.secretFullArn ?? `${source.secretArn}-??????`,
      variable: 'GATEWAY_CREDENTIAL_SECRET',
      id: source.secretArn,
      key: source.encryptionKey,
    };
  }
  return {
    service: 'ssm',
    action: 'ssm:GetParameter',
    resource: source.parameterArn,
    variable: 'GATEWAY_CREDENTIAL_PARAMETER',
    id: source.parameterArn,
  };
}

/** The variable that names the place of a service's credential. */
export function credentialVariable(service: 'PINGONE' | 'SHADOW', source: CredentialSource): Record<string, string> {
  const { variable, id } = stored(source);
  return { [`${service}_${variable}`]: id };
}

/** Grants reading exactly this credential; a customer managed key only through the store. */
export function grantCredential(
  scope: Construct,
  source: CredentialSource,
  customerKey: IKey | undefined,
  grantee: IGrantable,
): void {
  const { service, action, resource, key = customerKey } = stored(source);
  const allow = (statement: PolicyStatement) => grantee.grantPrincipal.addToPrincipalPolicy(statement);
  allow(new PolicyStatement({ actions: [action], resources: [resource] }));
  if (key !== undefined) {
    const { region, urlSuffix } = Stack.of(scope);
    const conditions = { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } };
    // Not key.grantDecrypt(): for an imported key it grants nothing to a role that comes through a service.
    allow(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn], conditions }));
  }
}

/** What Lambda needs to put the function into subnets. AWS's managed policy for it would also open every log group. */
export function grantNetworkInterfaces(grantee: IGrantable): void {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  // The subnets may be another account's that shares them, and the interfaces do not exist yet.
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: ['*'] }));
}
