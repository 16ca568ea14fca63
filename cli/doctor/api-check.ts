/** What API Gateway would do with the authorizer's answers: caching, payload version, response format, identity sources. */
import type { AuthorizerConfig } from '../../src/config/configuration.ts';
import { type ApiAuthorizer, readAuthorizers } from '../aws/api-authorizers.ts';
import { type ApiName, UsageError } from '../command-line.ts';
import { type Finding, fail, ok, skipped, warn } from './finding.ts';

export const API_CHECKS = ['API authorizer', 'API caching', 'API response format', 'API identity sources'];

/**
 * Looks at the API's Lambda authorizers; with the name of a function at those alone that call it.
 * @throws UsageError if AWS's client is not installed
 */
export const apiFindings = async (
  api: ApiName | undefined,
  config: AuthorizerConfig,
  functionName: string | undefined,
): Promise<readonly Finding[]> => {
  if (api === undefined) return API_CHECKS.map(check => skipped(check, 'give --rest-api or --http-api'));
  try {
    const all = await readAuthorizers(api);
    const own =
      functionName === undefined
        ? all
        : all.filter(({ uri }) => functionIn(uri).name === functionIn(functionName).name);
    return own.length === 0
      ? notFound(functionName)
      : own.flatMap(one => authorizerFindings(one, api, config, functionName));
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UsageError) throw error;
    return [
      fail(
        'API authorizer',
        `API ${api.id} cannot be read: ${error.name}`,
        'Name an API of this account and region (--region), as a user who may apigateway:GET it.',
      ),
      ...skipRest('the API cannot be read'),
    ];
  }
};

function authorizerFindings(
  one: ApiAuthorizer,
  { kind }: ApiName,
  config: AuthorizerConfig,
  functionName: string | undefined,
): readonly Finding[] {
  if (one.type !== 'REQUEST') {
    return [
      fail(
        'API authorizer',
        `${one.name} is of type ${one.type}`,
        'Make it of type REQUEST: the other sends too little to decide on.',
      ),
      ...skipRest('the type is wrong'),
    ];
  }
  return [versionCalled(one, functionName), caching(one), format(one, kind, config), identity(one)];
}

/** Settings of another version than the API calls say nothing about its requests. */
function versionCalled({ name, uri }: ApiAuthorizer, functionName: string | undefined): Finding {
  const called = functionIn(uri);
  const named = functionIn(functionName ?? uri);
  return called.version === named.version
    ? ok('API authorizer', `${name}, type REQUEST`)
    : warn(
        'API authorizer',
        `${name} calls ${called.version}, and the settings above are those of ${named.version}`,
        `Name what the API calls: --function ${named.name}${called.version === LATEST ? '' : `:${called.version}`}.`,
      );
}

function caching({ cacheSeconds }: ApiAuthorizer): Finding {
  return cacheSeconds === 0
    ? ok('API caching', 'off')
    : fail(
        'API caching',
        `answers are kept for ${cacheSeconds} s`,
        'Set the result TTL to 0: a decision is about one request, and API Gateway would reuse it for others.',
      );
}

function format(one: ApiAuthorizer, kind: ApiName['kind'], config: AuthorizerConfig): Finding {
  const check = 'API response format';
  if (kind === 'rest') return ok(check, 'IAM policies, as REST APIs take them');
  const { payloadVersion = 'unknown', simpleResponses } = one;
  const asked = simpleResponses ? 'simple' : 'iam';
  if (payloadVersion !== '2.0' && simpleResponses) {
    return fail(check, `simple responses with payload ${payloadVersion}`, 'Set the payload format version to 2.0.');
  }
  const { responseFormat } = config.answers;
  return payloadVersion === '2.0' && asked !== responseFormat
    ? fail(
        check,
        `the API takes ${asked} and RESPONSE_FORMAT is ${responseFormat}: every request would end in 500`,
        `Set RESPONSE_FORMAT=${asked}.`,
      )
    : ok(check, `payload ${payloadVersion}, ${asked}`);
}

function identity({ identitySources }: ApiAuthorizer): Finding {
  const check = 'API identity sources';
  return identitySources.length === 0
    ? ok(check, 'none')
    : warn(
        check,
        `${identitySources.join(', ')}: without it API Gateway answers 401 itself`,
        'Remove them, unless no request without them is ever to be permitted.',
      );
}

function notFound(functionName: string | undefined): readonly Finding[] {
  const says =
    functionName === undefined ? 'the API has no Lambda authorizer' : `no authorizer of the API calls ${functionName}`;
  return [
    fail(
      'API authorizer',
      says,
      'Create one of type REQUEST for this function, and choose it on the methods or routes.',
    ),
    ...skipRest('there is no authorizer'),
  ];
}

function skipRest(why: string): readonly Finding[] {
  return API_CHECKS.slice(1).map(check => skipped(check, why));
}

const LATEST = '$LATEST';

/** Of a function's name, its ARN or a URI with that: the bare name, and the version or alias behind it. */
function functionIn(text: string): { readonly name: string | undefined; readonly version: string } {
  const qualified = text.replace(/^.*:function:/, '').replace(/\/.*$/, '');
  const [name, version = LATEST] = qualified.split(':');
  return { name, version };
}
