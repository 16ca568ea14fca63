/** The construct for CloudFront: the edge function in us-east-1, from a stack anywhere, ready for a distribution's behaviors. */
import { join } from 'node:path';
import { Annotations, Duration, Names, RemovalPolicy, Stack, Stage, Token } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  type EdgeLambda,
  experimental,
  LambdaEdgeEventType,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { CompositePrincipal, Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, type IVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { edgeLogStatement, edgeStatements } from './edge-access.ts';
import { type EdgeSettings, packageEdge } from './edge-package.ts';

export interface PingOneEdgeAuthorizerProps {
  /** As in edge.json, written out: they are baked into the package while the app is synthesized. docs/edge.md has them all. */
  readonly settings: EdgeSettings;
  /** ARN of the customer managed key that encrypts the credential (and the stored settings), written out. */
  readonly keyArn?: string;
  /** MB. More than 128 is a warning: AWS's pages contradict each other. @default 128 */
  readonly memorySize?: number;
  /** Seconds. More than 5 is a warning as well. @default 5 */
  readonly timeout?: number;
  /** @default Runtime.NODEJS_22_X */
  readonly runtime?: Runtime;
  /** Unique in the account's us-east-1; names the log groups. @default made from the construct's path */
  readonly functionName?: string;
}

const REGION = 'us-east-1';
/** With this flag, which every new app has, CDK makes a log group in us-east-1, where an edge function never writes. */
const FUNCTION_MAKES_LOG_GROUP = '@aws-cdk/aws-lambda:useCdkManagedLogGroup';

/** Asks PingOne Authorize for every viewer request of the behaviors that it guards. */
export class PingOneEdgeAuthorizer extends Construct {
  /** The numbered version that CloudFront copies. A changed setting is a new one. */
  readonly version: IVersion;
  readonly functionName: string;
  readonly #includeBody: boolean;

  constructor(scope: Construct, id: string, props: PingOneEdgeAuthorizerProps) {
    super(scope, id);
    const { memorySize = 128, timeout = 5 } = props;
    refuseTokens(props);
    this.functionName = props.functionName ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    this.#includeBody = String(props.settings['SEND_BODY']) === 'true';
    const settings = { FUNCTION_NAME: this.functionName, ...props.settings };
    const path = join(Stage.of(this)?.outdir ?? '', `edge-${this.node.addr}.zip`);
    const { zip, warnings } = packageEdge(settings, path, memorySize, timeout);
    for (const warning of warnings) Annotations.of(this).addWarningV2('pingone-lambda-authorizer:edge', warning);

    const stack = this.#edgeStack();
    const parent = stack === Stack.of(this) ? this : stack;
    const role = new Role(parent, 'Role', {
      // Both, or CloudFront cannot copy the function to its regions.
      assumedBy: new CompositePrincipal(
        new ServicePrincipal('lambda.amazonaws.com'),
        new ServicePrincipal('edgelambda.amazonaws.com'),
      ),
    });
    for (const statement of edgeStatements(stack, settings, props.keyArn)) role.addToPolicy(statement);
    new Policy(parent, 'WriteLogs', { roles: [role], statements: [edgeLogStatement(stack, this.functionName)] });
    this.version = new experimental.EdgeFunction(this, 'Function', {
      stackId: stack.node.id,
      functionName: this.functionName,
      description: 'Asks PingOne Authorize for every viewer request',
      code: Code.fromAsset(zip),
      handler: 'aws-lambda-edge/src/aws-lambda-edge.handler',
      runtime: props.runtime ?? Runtime.NODEJS_22_X,
      architecture: Architecture.X86_64,
      memorySize,
      timeout: Duration.seconds(timeout),
      role,
      // CloudFront's copies outlive the association by hours, in which the version cannot be deleted.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    }) as IVersion;
  }

  /** For `edgeLambdas` of a behavior that has its other settings already. */
  get edgeLambda(): EdgeLambda {
    return {
      functionVersion: this.version,
      eventType: LambdaEdgeEventType.VIEWER_REQUEST,
      includeBody: this.#includeBody,
    };
  }

  /** For a behavior: the function, https alone, every method, nothing cached, and what the policy set forwarded. */
  behavior() {
    return {
      edgeLambdas: [this.edgeLambda],
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
  }

  /** The stack in us-east-1: this one, or one of its own beside it. */
  #edgeStack(): Stack {
    const own = Stack.of(this);
    if (Token.isUnresolved(own.region)) {
      throw new Error('Give the stack of a PingOneEdgeAuthorizer its region: env: { region, account }.');
    }
    // Before the first child, as CDK demands.
    this.node.setContext(FUNCTION_MAKES_LOG_GROUP, false);
    if (own.region === REGION) return own;
    const stack = new Stack(Stage.of(this) ?? own.node.root, `${own.node.id}-edge-${this.node.addr.slice(-8)}`, {
      env: { region: REGION, account: own.account },
      description: 'The edge function of a CloudFront distribution that PingOne Authorize guards',
    });
    stack.node.setContext(FUNCTION_MAKES_LOG_GROUP, false);
    return stack;
  }
}

/** What is baked must be known when the app is synthesized. */
function refuseTokens({ settings, keyArn }: PingOneEdgeAuthorizerProps): void {
  const unknown = Object.entries({ ...settings, keyArn }).filter(([, value]) => Token.isUnresolved(value));
  if (unknown.length === 0) return;
  const names = unknown.map(([name]) => name).join(', ');
  throw new Error(
    `${names} must be written out: an edge function's settings are baked in before anything is deployed.`,
  );
}
