import { randomBytes } from 'crypto';
import type { LocalCloud } from './local-cloud';
import { pathOf, propertiesOf, ResourceModule } from './module';
import { GatewayResponseProperties, GatewayResponses } from '../services/api-gateway/rest/gateway-responses';
import type { IntegrationProperties, RestIntegration } from '../services/api-gateway/rest/integration';
import { LambdaProxyIntegration } from '../services/api-gateway/rest/lambda-proxy-integration';
import { MockIntegration } from '../services/api-gateway/rest/mock-integration';
import { RestApi, RestMethod, RestStage } from '../services/api-gateway/rest/rest-api';
import { S3Integration, s3PathOf } from '../services/api-gateway/rest/s3-integration';
import { executeApiHost, functionArn } from '../services/api-gateway/shared/aws-names';
import { IamAuthorizer } from '../services/api-gateway/shared/iam';
import { readRequest } from '../services/api-gateway/shared/request';
import { send } from '../services/api-gateway/shared/response';
import { arnOf, connection, generatedId, member, named } from '../template/resource-types';
import type { Resource } from '../template/stack';

interface ApiProperties {
  readonly ApiKeySourceType?: string;
  readonly BinaryMediaTypes?: readonly string[];
  readonly DisableExecuteApiEndpoint?: boolean;
}

interface ResourceProperties {
  readonly ParentId: string;
  readonly PathPart: string;
  readonly RestApiId: string;
}

interface MethodProperties {
  readonly ApiKeyRequired?: boolean;
  readonly AuthorizationType?: string;
  readonly HttpMethod: string;
  readonly Integration?: IntegrationProperties;
  readonly RequestParameters?: Readonly<Record<string, boolean | string>>;
  readonly RequestValidatorId?: string;
  readonly ResourceId: string;
  readonly RestApiId: string;
}

interface RequestValidatorProperties {
  readonly RestApiId: string;
  readonly ValidateRequestBody?: boolean;
  readonly ValidateRequestParameters?: boolean;
}

interface StageProperties {
  readonly RestApiId: string;
  readonly StageName: string;
  readonly Variables?: Readonly<Record<string, string>>;
}

interface UsagePlanProperties {
  readonly ApiStages?: readonly { readonly ApiId: string; readonly Stage: string }[];
}

interface UsagePlanKeyProperties {
  readonly KeyId: string;
  readonly UsagePlanId: string;
}

interface ApiKeyProperties {
  readonly Enabled?: boolean;
  readonly Value?: string;
}

/** Limits of how much and how often, logs, documentation, and who may call what: not imitated. */
const IGNORED = {
  api: ['Description', 'EndpointConfiguration', 'FailOnWarnings', 'Name', 'Policy', 'Tags'],
  method: ['MethodResponses', 'OperationName', 'RequestModels'],
  integration: ['CacheKeyParameters', 'CacheNamespace', 'Credentials'],
  validator: ['Name'],
  gatewayResponse: ['RestApiId'],
  stage: ['AccessLogSetting', 'DeploymentId', 'Description', 'MethodSettings', 'Tags', 'TracingEnabled'],
  usagePlan: ['Description', 'Quota', 'Tags', 'Throttle', 'UsagePlanName'],
  usagePlanKey: ['KeyType'],
  // What CDK says of stages, API Gateway reads only where there is no usage plan.
  apiKey: ['CustomerId', 'Description', 'GenerateDistinctId', 'Name', 'StageKeys', 'Tags'],
};

export const REST_APIS: ResourceModule = {
  types: {
    'AWS::ApiGateway::RestApi': {
      generateName: generatedId,
      ref: (id) => id,
      attributes: (id, place) => ({ Arn: arnOf('apigateway', place, `/restapis/${id}`), RestApiId: id, RootResourceId: rootOf(id) }),
      hosts: (id, place) => [executeApiHost(id, place)],
    },
    'AWS::ApiGateway::ApiKey': { generateName: generatedId, ref: (id) => id, attributes: (id) => ({ APIKeyId: id }) },
    'AWS::ApiGateway::Deployment': member('DeploymentId'),
    'AWS::ApiGateway::GatewayResponse': member('Id'),
    'AWS::ApiGateway::Method': connection(),
    'AWS::ApiGateway::Model': { nameProperty: 'Name', generateName: named(255), ref: (name) => name, attributes: () => ({}) },
    'AWS::ApiGateway::RequestValidator': member('RequestValidatorId'),
    'AWS::ApiGateway::Resource': member('ResourceId'),
    'AWS::ApiGateway::Stage': { ...member(), nameProperty: 'StageName' },
    'AWS::ApiGateway::UsagePlan': member('Id'),
    'AWS::ApiGateway::UsagePlanKey': member('Id'),
  },
  create(resources, cloud) {
    const keys = createApiKeys(ofType(resources, 'ApiKey'), cloud);
    for (const api of ofType(resources, 'RestApi')) createApi(api, resources, keys, cloud);
  },
};

/** @returns values by the ids of the keys that are enabled */
function createApiKeys(resources: readonly Resource[], cloud: LocalCloud): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const resource of resources) {
    const { Enabled, Value } = propertiesOf<ApiKeyProperties>(resource, ['Enabled', 'Value'], IGNORED.apiKey);
    if (!Enabled) continue;
    const value = Value ?? randomBytes(20).toString('hex');
    values.set(resource.name, value);
    cloud.apiKeys.set(resource.logicalId, value);
  }
  return values;
}

function createApi(resource: Resource, resources: readonly Resource[], keys: ReadonlyMap<string, string>, cloud: LocalCloud): void {
  const id = resource.name;
  const { ApiKeySourceType = 'HEADER', BinaryMediaTypes = [], DisableExecuteApiEndpoint } = propertiesOf<ApiProperties>(
    resource, ['ApiKeySourceType', 'BinaryMediaTypes', 'DisableExecuteApiEndpoint'], IGNORED.api,
  );
  if (ApiKeySourceType !== 'HEADER') throw new Error(`${pathOf(resource)} takes API keys from ${ApiKeySourceType}, which the local runner does not know`);
  if (DisableExecuteApiEndpoint) throw new Error(`${pathOf(resource)} disables its own address, and the local runner knows no other`);
  const own = (kind: string) => ofType(resources, kind).filter(({ properties }) => properties.RestApiId === id);
  const validators = own('RequestValidator');
  const paths = pathsOf(id, own('Resource'));

  const api = new RestApi({
    id,
    account: cloud.machine.account,
    binaryMediaTypes: BinaryMediaTypes,
    methods: own('Method').map((method) => methodOf(method, paths, validators, cloud)),
    stages: own('Stage').map((stage) => stageOf(stage, resources, keys)),
    gatewayResponses: new GatewayResponses(own('GatewayResponse').map((each) => ({
      at: pathOf(each),
      properties: propertiesOf<GatewayResponseProperties>(each, ['ResponseType', 'StatusCode', 'ResponseParameters', 'ResponseTemplates'], IGNORED.gatewayResponse),
    }))),
  });
  cloud.server(executeApiHost(id, cloud.machine)).handle(async (message, response) => {
    const request = await readRequest(message);
    send(response, request.method, await api.respond(request));
  });
}

/** The paths of all resources of an API by their ids. */
function pathsOf(api: string, resources: readonly Resource[]): ReadonlyMap<string, string> {
  const parts = new Map(resources.map((resource) => {
    const { ParentId, PathPart } = propertiesOf<ResourceProperties>(resource, ['ParentId', 'PathPart', 'RestApiId']);
    return [resource.name, { parent: ParentId, part: PathPart }];
  }));
  const path = (id: string): string => {
    const found = parts.get(id);
    return found ? `${path(found.parent)}/${found.part}` : '';
  };
  return new Map([[rootOf(api), '/'], ...[...parts.keys()].map((id) => [id, path(id)] as const)]);
}

function methodOf(resource: Resource, paths: ReadonlyMap<string, string>, validators: readonly Resource[], cloud: LocalCloud): RestMethod {
  const { machine } = cloud;
  const { ApiKeyRequired = false, AuthorizationType = 'NONE', HttpMethod, Integration, RequestParameters = {}, RequestValidatorId, ResourceId } = propertiesOf<MethodProperties>(
    resource,
    ['ApiKeyRequired', 'AuthorizationType', 'HttpMethod', 'Integration', 'RequestParameters', 'RequestValidatorId', 'ResourceId', 'RestApiId'],
    IGNORED.method,
  );
  if (AuthorizationType !== 'NONE' && AuthorizationType !== 'AWS_IAM') {
    throw new Error(`${pathOf(resource)} must have the authorization type NONE or AWS_IAM for the local runner, received ${AuthorizationType}`);
  }
  const resourcePath = paths.get(ResourceId);
  if (resourcePath === undefined || !Integration) throw new Error(`${pathOf(resource)} must have a resource of its API and an integration, received ${JSON.stringify({ ResourceId, Integration })}`);
  const required = Object.entries(RequestParameters).filter(([, isRequired]) => String(isRequired) === 'true').map(([name]) => name);
  return {
    httpMethod: HttpMethod,
    resourceId: ResourceId,
    resourcePath,
    apiKeyRequired: ApiKeyRequired,
    authorizer: AuthorizationType === 'AWS_IAM' ? new IamAuthorizer(machine.services.credentials, machine.region) : undefined,
    requiredParameters: validatesParameters(resource, RequestValidatorId, validators) ? required : [],
    integration: integrationOf(resource, Integration, cloud),
  };
}

function validatesParameters(method: Resource, validatorId: string | undefined, validators: readonly Resource[]): boolean {
  const validator = validators.find(({ name }) => name === validatorId);
  if (!validator) return false;
  const { ValidateRequestBody, ValidateRequestParameters = false } = propertiesOf<RequestValidatorProperties>(
    validator, ['RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'], IGNORED.validator,
  );
  if (ValidateRequestBody && method.properties.RequestModels) throw new Error(`${pathOf(method)} validates bodies by models, which the local runner does not know`);
  return ValidateRequestParameters;
}

function integrationOf(method: Resource, integration: IntegrationProperties, cloud: LocalCloud): RestIntegration {
  const at = `${pathOf(method)}.Integration`;
  const { Type, Uri = '', TimeoutInMillis = 29_000 } = propertiesOf<IntegrationProperties>({ ...method, logicalId: `${method.logicalId}.Integration`, properties: { ...integration } }, [
    'Type', 'Uri', 'IntegrationHttpMethod', 'PassthroughBehavior', 'RequestParameters', 'RequestTemplates', 'IntegrationResponses', 'TimeoutInMillis', 'ContentHandling',
  ], IGNORED.integration);
  const { s3, credentials } = cloud.machine.services;
  const s3Path = s3PathOf(Uri);
  if (Type === 'AWS_PROXY') return new LambdaProxyIntegration(cloud.function(functionArn(Uri)), TimeoutInMillis);
  if (Type === 'MOCK') return new MockIntegration(integration, at);
  if (Type === 'AWS' && s3Path !== undefined) return new S3Integration(s3Path, integration, { endpoint: s3.endpoint, region: cloud.machine.region, credentials }, at);
  throw new Error(`${at} must be a Lambda proxy, a path of S3 or a mock for the local runner, received ${JSON.stringify({ Type, Uri })}`);
}

function stageOf(resource: Resource, resources: readonly Resource[], keys: ReadonlyMap<string, string>): RestStage {
  const { RestApiId, StageName, Variables = {} } = propertiesOf<StageProperties>(resource, ['RestApiId', 'StageName', 'Variables'], IGNORED.stage);
  const plans = ofType(resources, 'UsagePlan').filter((plan) => {
    const { ApiStages = [] } = propertiesOf<UsagePlanProperties>(plan, ['ApiStages'], IGNORED.usagePlan);
    return ApiStages.some(({ ApiId, Stage }) => ApiId === RestApiId && Stage === StageName);
  });
  const values = ofType(resources, 'UsagePlanKey').flatMap((planKey) => {
    const { KeyId, UsagePlanId } = propertiesOf<UsagePlanKeyProperties>(planKey, ['KeyId', 'UsagePlanId'], IGNORED.usagePlanKey);
    const value = plans.some(({ name }) => name === UsagePlanId) ? keys.get(KeyId) : undefined;
    return value === undefined ? [] : [value];
  });
  return { name: StageName, variables: Variables, apiKeys: new Set(values) };
}

function ofType(resources: readonly Resource[], kind: string): Resource[] {
  return resources.filter(({ type }) => type === `AWS::ApiGateway::${kind}`);
}

/** The id of the resource `/`. */
function rootOf(id: string): string {
  return `${id.slice(0, 9)}-`;
}
