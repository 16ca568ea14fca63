/** The construct: the authorizer function as deploy/template.yaml deploys it, ready to guard REST, HTTP and WebSocket APIs. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpRouteAuthorizer, IWebSocketRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type ILambdaDeploymentConfig,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type Code,
  type IAlias,
  type ICodeSigningConfig,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type CredentialSource, credentialVariable, grantCredential, grantNetworkInterfaces } from './access.ts';
import {
  authorizerUri,
  type CrossAccountApi,
  grantApi,
  httpAuthorizer,
  restAuthorizer,
  webSocketAuthorizer,
} from './gateway-authorizers.ts';
import { addLogGroup } from './log-group.ts';
import { packagedCode } from './packaged-code.ts';
import { rollbackAlarms } from './rollback-alarms.ts';
import { type AuthorizerSettings, environmentOf } from './settings.ts';

export interface PingOneAuthorizerProps extends AuthorizerSettings {
  /** Where the gateway credential is. */
  readonly credential: CredentialSource;
  /** The customer managed key of a SecureString; a secret knows its own. */
  readonly credentialKey?: IKey;
  /** Where the shadow's own gateway credential is. */
  readonly shadowCredential?: CredentialSource;
  /** APIs of other accounts that may call the authorizer, as where one account holds it for all. */
  readonly crossAccountApis?: readonly CrossAccountApi[];
  /** @default Architecture.ARM_64 */
  readonly architecture?: Architecture;
  /** @default 512 MB */
  readonly memorySize?: number;
  /** @default none */
  readonly provisionedConcurrency?: number;
  /** How a new version takes over. @default CANARY_10PERCENT_5MINUTES */
  readonly deploymentConfig?: ILambdaDeploymentConfig;
  /** Only when PingOne must be reached through your network; the subnets need a route to the internet (NAT). */
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** @default Tracing.PASS_THROUGH */
  readonly tracing?: Tracing;
  /** Lambda then takes only a zip that this configuration's profiles signed. @default none */
  readonly codeSigningConfig?: ICodeSigningConfig;
  /** Another place of the zip, such as a signed copy in S3. @default the zip of this package */
  readonly code?: Code;
}

/** With this flag, which every new app has, CDK makes a log group of the name of ours, and refuses two of one name. */
const FUNCTION_MAKES_LOG_GROUP = '@aws-cdk/aws-lambda:useCdkManagedLogGroup';

/**
 * Asks PingOne Authorize for every request of the APIs that it guards.
 *
 * @throws Error if `authorizerDeadlineMs` is above 7000, or if the zip was not built and `code` names no other
 * @example
 * const credential = Secret.fromSecretNameV2(this, 'Credential', 'pingone/gateway-credential');
 * const pingOne = new PingOneAuthorizer(this, 'PingOne', { pingOneServiceUrl, credential, failClosedAs: 'deny' });
 */
export class PingOneAuthorizer extends Construct {
  readonly function: LambdaFunction;
  /** What APIs invoke: new versions take over behind it. */
  readonly alias: IAlias;
  /** Undefined if it writes no metrics. */
  readonly metricsNamespace: string | undefined;
  readonly #simple: boolean;
  readonly #imported = new Map<Stack, IFunction>();

  constructor(scope: Construct, id: string, props: PingOneAuthorizerProps) {
    super(scope, id);
    // Before the first child, as CDK demands. Off, because our group has the retention that the user chose.
    this.node.setContext(FUNCTION_MAKES_LOG_GROUP, false);
    this.metricsNamespace = props.metrics === 'none' ? undefined : (props.metricsNamespace ?? 'PingOneAuthorizer');
    this.#simple = props.responseFormat === 'simple';

    const { vpc, vpcSubnets, securityGroups } = props;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grantCredential(this, props.credential, props.credentialKey, role);
    if (props.shadowCredential !== undefined) grantCredential(this, props.shadowCredential, props.credentialKey, role);
    if (vpc !== undefined) grantNetworkInterfaces(role);

    this.function = new LambdaFunction(this, 'Function', {
      description: 'Asks PingOne Authorize for every request',
      code: props.code ?? packagedCode(),
      handler: 'aws-lambda-authorizer/src/aws-lambda-authorizer.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      memorySize: props.memorySize ?? 512,
      // Below the 10 s after which an HTTP API gives up.
      timeout: Duration.seconds(8),
      role,
      environment: {
        ...environmentOf(props),
        ...credentialVariable('PINGONE', props.credential),
        ...(props.shadowCredential && credentialVariable('SHADOW', props.shadowCredential)),
      },
      loggingFormat: LoggingFormat.JSON,
      // LOG_LEVEL decides alone: Lambda's own filter would drop DEBUG lines a second time.
      applicationLogLevelV2: ApplicationLogLevel.TRACE,
      systemLogLevelV2: SystemLogLevel.INFO,
      tracing: props.tracing ?? Tracing.PASS_THROUGH,
      ...(vpc && { vpc }),
      ...(vpcSubnets && { vpcSubnets }),
      ...(securityGroups && { securityGroups }),
      ...(props.codeSigningConfig && { codeSigningConfig: props.codeSigningConfig }),
    });
    addLogGroup(this, this.function, role, props.logRetention);
    // The casts: under exactOptionalPropertyTypes CDK's classes are not assignable to CDK's own interfaces.
    const alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: this.function.currentVersion as IVersion,
      ...(props.provisionedConcurrency && { provisionedConcurrentExecutions: props.provisionedConcurrency }),
    });
    this.alias = alias as IAlias;
    for (const api of props.crossAccountApis ?? []) grantApi(this.alias, api);
    new LambdaDeploymentGroup(this, 'Deployment', {
      alias,
      deploymentConfig: props.deploymentConfig ?? LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: rollbackAlarms(this, this.function, props.metricsNamespace ?? 'PingOneAuthorizer'),
    });
  }

  /**
   * For methods of one RestApi; another API takes another id. Name the API's stack, or a construct in it, as the scope
   * if that is not this stack: the authorizer belongs to the API.
   *
   * @example
   * restApi.root.addMethod('ANY', integration, { authorizer: pingOne.restAuthorizer() });
   * otherApi.root.addMethod('ANY', integration, { authorizer: pingOne.restAuthorizer('Other', otherStack) });
   */
  restAuthorizer(id = 'RestAuthorizer', scope: Construct = this): IAuthorizer {
    return restAuthorizer(scope, id, this.#seenFrom(scope));
  }

  /**
   * For routes of one HttpApi; another API takes another id.
   *
   * @example
   * httpApi.addRoutes({ path: '/{proxy+}', integration, authorizer: pingOne.httpAuthorizer() });
   */
  httpAuthorizer(id = 'HttpAuthorizer'): IHttpRouteAuthorizer {
    return httpAuthorizer(id, this.alias, this.#simple);
  }

  /**
   * For the `$connect` route of one WebSocketApi; another API takes another id.
   *
   * @example
   * new WebSocketApi(this, 'Chat', { connectRouteOptions: { integration, authorizer: pingOne.webSocketAuthorizer() } });
   */
  webSocketAuthorizer(id = 'WebSocketAuthorizer'): IWebSocketRouteAuthorizer {
    return webSocketAuthorizer(id, this.alias);
  }

  /** The authorizer URI, for APIs that are defined in OpenAPI. */
  get authorizerUri(): string {
    return authorizerUri(this.alias);
  }

  /** In another stack as an import: a permission beside the alias would make each stack wait for the other. */
  #seenFrom(scope: Construct): IFunction {
    const stack = Stack.of(scope);
    if (stack === Stack.of(this)) return this.alias;
    const attributes = { functionArn: this.alias.functionArn, sameEnvironment: true };
    const imported =
      this.#imported.get(stack) ?? LambdaFunction.fromFunctionAttributes(stack, this.node.addr, attributes);
    this.#imported.set(stack, imported);
    return imported;
  }
}
