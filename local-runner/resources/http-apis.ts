import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import type { CorsConfiguration } from '../services/api-gateway/http/cors';
import { HttpApi, HttpRoute } from '../services/api-gateway/http/http-api';
import { LambdaAuthorizer } from '../services/api-gateway/http/lambda-authorizer';
import { executeApiHost, functionArn } from '../services/api-gateway/shared/aws-names';
import { IamAuthorizer } from '../services/api-gateway/shared/iam';
import { readRequest } from '../services/api-gateway/shared/request';
import { send } from '../services/api-gateway/shared/response';
import { generatedId, member } from '../template/resource-types';
import type { Resource } from '../template/stack';

interface ApiProperties {
  readonly CorsConfiguration?: CorsConfiguration;
  readonly DisableExecuteApiEndpoint?: boolean;
  readonly ProtocolType?: string;
}

interface RouteProperties {
  readonly ApiId: string;
  readonly AuthorizationType?: string;
  readonly AuthorizerId?: string;
  readonly RouteKey: string;
  readonly Target: string;
}

interface IntegrationProperties {
  readonly ApiId: string;
  readonly IntegrationType: string;
  readonly IntegrationUri: string;
  readonly PayloadFormatVersion?: string;
  readonly TimeoutInMillis?: number;
}

interface AuthorizerProperties {
  readonly ApiId: string;
  readonly AuthorizerPayloadFormatVersion?: string;
  readonly AuthorizerType: string;
  readonly AuthorizerUri: string;
  readonly EnableSimpleResponses?: boolean;
  readonly IdentitySource?: readonly string[];
}

interface StageProperties {
  readonly ApiId: string;
  readonly StageName: string;
  readonly StageVariables?: Readonly<Record<string, string>>;
}

const READ_OF_AUTHORIZER = [
  'ApiId', 'AuthorizerPayloadFormatVersion', 'AuthorizerType', 'AuthorizerUri', 'EnableSimpleResponses', 'IdentitySource',
] as const;

/** Limits of how much and how often, logs, and who may call what: not imitated. */
const IGNORED = {
  api: ['Description', 'FailOnWarnings', 'IpAddressType', 'Name', 'Tags', 'Version'],
  route: ['ApiKeyRequired', 'AuthorizationScopes', 'OperationName'],
  integration: ['CredentialsArn', 'Description', 'IntegrationMethod'],
  authorizer: ['AuthorizerCredentialsArn', 'AuthorizerResultTtlInSeconds', 'Name'],
  stage: ['AccessLogSettings', 'AutoDeploy', 'DefaultRouteSettings', 'DeploymentId', 'Description', 'RouteSettings', 'Tags'],
};

export const HTTP_APIS: ResourceModule = {
  types: {
    'AWS::ApiGatewayV2::Api': {
      generateName: generatedId,
      ref: (id) => id,
      attributes: (id, place) => ({ ApiId: id, ApiEndpoint: `https://${executeApiHost(id, place)}` }),
      hosts: (id, place) => [executeApiHost(id, place)],
    },
    'AWS::ApiGatewayV2::Authorizer': member('AuthorizerId'),
    'AWS::ApiGatewayV2::Deployment': member('DeploymentId'),
    'AWS::ApiGatewayV2::Integration': member('IntegrationId'),
    'AWS::ApiGatewayV2::Route': member('RouteId'),
    'AWS::ApiGatewayV2::Stage': { ...member(), nameProperty: 'StageName' },
  },
  create(resources, cloud) {
    for (const api of resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Api')) createApi(api, resources, cloud);
  },
};

function createApi(resource: Resource, resources: readonly Resource[], cloud: LocalCloud): void {
  const { machine: { account, region } } = cloud;
  const id = resource.name;
  const { CorsConfiguration: cors, DisableExecuteApiEndpoint, ProtocolType } = propertiesOf<ApiProperties>(
    resource, ['CorsConfiguration', 'DisableExecuteApiEndpoint', 'ProtocolType'], IGNORED.api,
  );
  if (ProtocolType !== 'HTTP') throw new Error(`${pathOf(resource)} must have the protocol HTTP, received ${JSON.stringify(ProtocolType)}`);
  if (DisableExecuteApiEndpoint) throw new Error(`${pathOf(resource)} disables its own address, and the local runner knows no other`);
  const own = (kind: string) => resources.filter(({ type, properties }) => type === `AWS::ApiGatewayV2::${kind}` && properties.ApiId === id);

  const api = new HttpApi({
    id,
    account,
    region,
    cors,
    routes: own('Route').map((route) => routeOf(route, own('Integration'), own('Authorizer'), cloud)),
    stages: own('Stage').map((stage) => {
      const { StageName, StageVariables } = propertiesOf<StageProperties>(stage, ['ApiId', 'StageName', 'StageVariables'], IGNORED.stage);
      return { name: StageName, variables: StageVariables };
    }),
  });
  cloud.server(executeApiHost(id, cloud.machine)).handle(async (message, response) => {
    const request = await readRequest(message);
    send(response, request.method, await api.respond(request));
  });
}

function routeOf(resource: Resource, integrations: readonly Resource[], authorizers: readonly Resource[], cloud: LocalCloud): HttpRoute {
  const { RouteKey, Target, ...authorization } = propertiesOf<RouteProperties>(
    resource, ['ApiId', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target'], IGNORED.route,
  );
  const integration = memberOf(integrations, Target?.replace(/^integrations\//, ''), resource, 'integration');
  const { IntegrationType, IntegrationUri, PayloadFormatVersion, TimeoutInMillis } = propertiesOf<IntegrationProperties>(
    integration, ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'], IGNORED.integration,
  );
  if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
    throw new Error(`${pathOf(integration)} must be a Lambda proxy integration of payload format 2.0, received ${JSON.stringify({ IntegrationType, PayloadFormatVersion })}`);
  }
  return {
    key: RouteKey,
    target: cloud.function(functionArn(IntegrationUri)),
    timeoutMs: TimeoutInMillis ?? 30_000,
    authorizer: authorizerOf(resource, authorization, authorizers, cloud),
  };
}

function authorizerOf(
  route: Resource,
  { AuthorizationType = 'NONE', AuthorizerId }: Pick<RouteProperties, 'AuthorizationType' | 'AuthorizerId'>,
  authorizers: readonly Resource[],
  cloud: LocalCloud,
): HttpRoute['authorizer'] {
  switch (AuthorizationType) {
    case 'NONE': return undefined;
    case 'AWS_IAM': return new IamAuthorizer(cloud.machine.services.credentials, cloud.machine.region);
    case 'CUSTOM': return lambdaAuthorizer(memberOf(authorizers, AuthorizerId, route, 'authorizer'), cloud);
    default: throw new Error(`${pathOf(route)} must have the authorization type NONE, AWS_IAM or CUSTOM for the local runner, received ${AuthorizationType}`);
  }
}

function lambdaAuthorizer(resource: Resource, cloud: LocalCloud): LambdaAuthorizer {
  const { AuthorizerPayloadFormatVersion, AuthorizerType, AuthorizerUri, EnableSimpleResponses = false, IdentitySource = [] } =
    propertiesOf<AuthorizerProperties>(resource, READ_OF_AUTHORIZER, IGNORED.authorizer);
  const payloadFormat = ['1.0', '2.0'].find((each) => each === AuthorizerPayloadFormatVersion) as '1.0' | '2.0' | undefined;
  if (AuthorizerType !== 'REQUEST' || !payloadFormat) {
    const received = JSON.stringify({ AuthorizerType, AuthorizerPayloadFormatVersion });
    throw new Error(`${pathOf(resource)} must be a Lambda authorizer of payload format 1.0 or 2.0, received ${received}`);
  }
  const target = cloud.function(functionArn(AuthorizerUri));
  return new LambdaAuthorizer({ target, payloadFormat, simple: EnableSimpleResponses, identitySources: IdentitySource });
}

function memberOf(resources: readonly Resource[], id: string | undefined, of: Resource, kind: string): Resource {
  const found = resources.find(({ name }) => name === id);
  if (!found) throw new Error(`${pathOf(of)} has the ${kind} ${JSON.stringify(id)}, which no stack of the app creates for its API`);
  return found;
}
