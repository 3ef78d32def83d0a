import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { LocalApp, LocalAppOptions, LogLine } from '../../../local-runner';

jest.setTimeout(60_000);

const temporaryFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('local-app-'));

let directory: string;
let app: LocalApp | undefined;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'app-test-')); });
afterEach(async () => {
  await app?.stop();
  app = undefined;
  rmSync(directory, { recursive: true });
});

/** An app that writes a cloud assembly with this template, as CDK would. */
async function start(template: { Resources: object; Outputs?: object }, options: Partial<LocalAppOptions> = {}): Promise<LocalApp> {
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app: 'node app.js' }));
  const manifest = { version: '1', artifacts: { Test: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Test.json' } } } };
  writeFileSync(join(directory, 'app.js'), `
    const { mkdirSync, writeFileSync } = require('fs');
    mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
    process.chdir(process.env.CDK_OUTDIR);
    writeFileSync('manifest.json', ${JSON.stringify(JSON.stringify(manifest))});
    writeFileSync('Test.json', ${JSON.stringify(JSON.stringify(template))});
  `);
  app = await LocalApp.start({ directory, waitFactor: 0.001, ...options });
  return app;
}

const functionOf = (code: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { ZipFile: code }, Handler: 'index.handler', Runtime: 'nodejs24.x', Environment: { Variables: { QUEUE: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } } },
});

test('buckets have the versioning and the cross-origin rules of the template', async () => {
  const { s3, output } = await start({
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['https://example.com'], AllowedMethods: ['PUT'], AllowedHeaders: ['*'], MaxAge: 60 }] },
        },
      },
    },
    Outputs: { Name: { Value: { Ref: 'Bucket' } } },
  }).then((started) => ({ s3: started.s3, output: started.output('Name') }));
  for (const body of ['first', 'second']) await s3.send(new PutObjectCommand({ Bucket: output, Key: 'key', Body: body }));
  expect((await s3.send(new ListObjectVersionsCommand({ Bucket: output }))).Versions).toHaveLength(2);

  const { protocol, hostname, port } = (await s3.config.endpoint!());
  expect(hostname).toBe('127.0.0.1');
  const preflight = await fetch(`${protocol}//${hostname}:${port}/${output}/key`, {
    method: 'OPTIONS',
    headers: { 'origin': 'https://example.com', 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
  });
  expect(preflight.status).toBe(200);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://example.com');
});

test('tables have the keys and indexes of the template', async () => {
  const { dynamodb } = await start({
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'Images',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }, { AttributeName: 'status', AttributeType: 'S' }],
          GlobalSecondaryIndexes: [{ IndexName: 'by-status', KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      },
    },
  });
  await dynamodb.send(new PutCommand({ TableName: 'Images', Item: { id: 'a', status: 'COMPLETED' } }));
  const { Items } = await dynamodb.send(new QueryCommand({
    TableName: 'Images', IndexName: 'by-status', KeyConditionExpression: '#s = :s', ExpressionAttributeNames: { '#s': 'status' }, ExpressionAttributeValues: { ':s': 'COMPLETED' },
  }));

  expect(Items).toEqual([{ id: 'a', status: 'COMPLETED' }]);
});

test('a queue feeds a function, whose failures end in the dead-letter queue', async () => {
  const lines: LogLine[] = [];
  const started = await start({
    Resources: {
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'work', VisibilityTimeout: 20, RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 } },
      },
      Function: functionOf(`exports.handler = async ({ Records: [record] }) => {
        console.log(process.env.QUEUE, record.body, record.attributes.ApproximateReceiveCount);
        if (record.body === 'bad') throw new Error('no');
      };`),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { BatchSize: 1, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' } },
      },
    },
  }, { onLog: (line) => void lines.push(line), concurrency: 1 });
  const work = started.queues.find(({ name }) => name === 'work')!;
  work.send('good');
  work.send('bad');
  expect(started.pending).toBe(2);
  await started.idle();
  await started.stop();
  app = undefined;

  expect(lines.map(({ text }) => text)).toEqual(['work good 1', 'work bad 1', 'work bad 2', 'work bad 3']);
  expect(started.deadLetterQueues.map(({ bodies }) => bodies)).toEqual([['bad']]);
});

describe('a distribution', () => {
  const NONE = { CookiesConfig: { CookieBehavior: 'none' }, HeadersConfig: { HeaderBehavior: 'none' }, QueryStringsConfig: { QueryStringBehavior: 'none' } };
  const site = (actions: string[]) => start({
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket' },
      CachePolicy: { Type: 'AWS::CloudFront::CachePolicy', Properties: { CachePolicyConfig: { ParametersInCacheKeyAndForwardedToOrigin: NONE } } },
      Headers: {
        Type: 'AWS::CloudFront::ResponseHeadersPolicy',
        Properties: { ResponseHeadersPolicyConfig: { CustomHeadersConfig: { Items: [{ Header: 'Link', Value: { 'Fn::Sub': 'https://${Site.DomainName}/next' }, Override: true }] } } },
      },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Enabled: true,
            Origins: [{ Id: 'files', DomainName: { 'Fn::GetAtt': ['Bucket', 'DomainName'] }, OriginAccessControlId: 'x', S3OriginConfig: { OriginAccessIdentity: '' } }],
            DefaultCacheBehavior: { TargetOriginId: 'files', CachePolicyId: { Ref: 'CachePolicy' }, ResponseHeadersPolicyId: { Ref: 'Headers' } },
          },
        },
      },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Bucket' },
          PolicyDocument: {
            Statement: [{
              Effect: 'Allow',
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Action: actions,
              Condition: { StringEquals: { 'AWS:SourceArn': { 'Fn::Sub': 'arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}' } } },
            }],
          },
        },
      },
    },
    Outputs: { Name: { Value: { Ref: 'Bucket' } }, Url: { Value: { 'Fn::Sub': 'https://${Site.DomainName}' } } },
  });

  test('answers from a bucket at the address that outputs and headers name, by the policies of the app', async () => {
    const started = await site(['s3:GetObject']);
    const url = started.output('Url');
    await started.s3.send(new PutObjectCommand({ Bucket: started.output('Name'), Key: 'a.txt', Body: 'text' }));
    const response = await fetch(`${url}/a.txt`);

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await response.text()).toBe('text');
    expect(response.headers.get('link')).toBe(`${url}/next`);
    expect(started.lastRequestAt).toBeGreaterThan(0);
  });

  test.each([[['s3:GetObject'], 403], [['s3:GetObject', 's3:ListBucket'], 404]])('that may %j answers with %i for what is missing', async (actions, status) => {
    expect((await fetch(`${(await site(actions)).output('Url')}/none`)).status).toBe(status);
  });
});

test('an instance answers at its own address and at its Elastic IP address, and knows them', async () => {
  const server = `import { createServer } from 'http';
createServer((_, response) => response.end(process.env.ADDRESS)).listen(process.env.PORT, '127.0.0.1');`;
  const started = await start({
    Resources: {
      Host: {
        Type: 'AWS::EC2::Instance',
        Metadata: {
          'AWS::CloudFormation::Init': {
            config: {
              files: {
                '/opt/server.mjs': { content: server },
                '/etc/systemd/system/web.service': { content: { 'Fn::Sub': '[Service]\nEnvironment=ADDRESS=http://${Address.PublicIp}/\nExecStart=/usr/bin/node /opt/server.mjs\n' } },
              },
              services: { systemd: { web: { enabled: true } } },
            },
          },
        },
      },
      Address: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
      Association: { Type: 'AWS::EC2::EIPAssociation', Properties: { AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] }, InstanceId: { Ref: 'Host' } } },
    },
    Outputs: { Own: { Value: { 'Fn::Sub': 'http://${Host.PublicIp}/' } }, Name: { Value: { 'Fn::Sub': 'http://${Host.PublicDnsName}/' } }, Elastic: { Value: { 'Fn::Sub': 'http://${Address}/' } } },
  });
  const elastic = started.output('Elastic');

  expect(started.output('Own')).toBe(started.output('Name'));
  for (const url of [started.output('Own'), elastic]) expect(await (await fetch(url)).text()).toBe(elastic);
});

test('stopping leaves nothing behind', async () => {
  const before = temporaryFolders();
  const started = await start({ Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } });
  const { protocol, hostname, port } = (await started.s3.config.endpoint!());
  expect(temporaryFolders()).not.toEqual(before);
  await started.stop();
  app = undefined;

  expect(temporaryFolders().filter((name) => !before.includes(name))).toEqual([]);
  await expect(fetch(`${protocol}//${hostname}:${port}/`)).rejects.toThrow();
});

describe('a start that fails', () => {
  const notifications = (properties: object) => ({ Notifications: { Type: 'Custom::S3BucketNotifications', Properties: { NotificationConfiguration: {}, ...properties } } });
  const mapping = (properties: object) => ({
    Queue: { Type: 'AWS::SQS::Queue' },
    Function: functionOf(''),
    Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' }, ...properties } },
  });

  const httpApi = (route: object, integration: object = {}, api: object = {}) => ({
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', ...api } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Function: functionOf(''),
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] }, PayloadFormatVersion: '2.0', ...integration,
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: { Ref: 'Api' }, RouteKey: '$default', Target: { 'Fn::Sub': 'integrations/${Integration}' }, ...route },
    },
  });
  const restApi = (method: object, integration: object, api: object = {}) => ({
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: api },
    Validator: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { RestApiId: { Ref: 'Api' }, ValidateRequestBody: true } },
    Method: {
      Type: 'AWS::ApiGateway::Method',
      Properties: { RestApiId: { Ref: 'Api' }, ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, HttpMethod: 'PUT', Integration: integration, ...method },
    },
  });
  const s3 = (path: string, properties: object = {}) => ({ Type: 'AWS', Uri: `arn:aws:apigateway:us-east-1:s3:path/${path}`, ...properties });

  const stateMachine = (Resource: string) => ({
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { DefinitionString: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', Resource, End: true } } }) },
    },
  });
  const distribution = (behavior: object) => ({
    Policy: {
      Type: 'AWS::CloudFront::CachePolicy',
      Properties: {
        CachePolicyConfig: {
          ParametersInCacheKeyAndForwardedToOrigin: {
            CookiesConfig: { CookieBehavior: 'none' }, HeadersConfig: { HeaderBehavior: 'none' }, QueryStringsConfig: { QueryStringBehavior: 'all' },
          },
        },
      },
    },
    Site: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          Origins: [{ Id: 'files', DomainName: 'elsewhere.s3.us-east-1.amazonaws.com', S3OriginConfig: {} }],
          DefaultCacheBehavior: { TargetOriginId: 'files', CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6', ...behavior },
        },
      },
    },
  });

  test.each<[string, object, string]>([
    ['a property that it does not know', { Bucket: { Type: 'AWS::S3::Bucket', Properties: { WebsiteConfiguration: {} } } }, 'Test.Bucket has WebsiteConfiguration, which the local runner does not know'],
    ['a web socket API', httpApi({}, {}, { ProtocolType: 'WEBSOCKET' }), 'Test.Api must have the protocol HTTP, received "WEBSOCKET"'],
    ['a route for JSON web tokens', httpApi({ AuthorizationType: 'JWT' }), 'Test.Route must have the authorization type NONE, AWS_IAM or CUSTOM for the local runner, received JWT'],
    ['a route without its integration', httpApi({ Target: 'integrations/none' }), 'Test.Route has the integration "none"'],
    ['another payload format', httpApi({}, { PayloadFormatVersion: '1.0' }), 'Test.Integration must be a Lambda proxy integration of payload format 2.0'],
    ['parameters of an integration', httpApi({}, { RequestParameters: {} }), 'Test.Integration has RequestParameters, which the local runner does not know'],
    ['an API by a document', restApi({}, s3('a'), { Body: {} }), 'Test.Api has Body, which the local runner does not know'],
    ['a method for user pools', restApi({ AuthorizationType: 'COGNITO_USER_POOLS' }, s3('a')), 'Test.Method must have the authorization type NONE or AWS_IAM for the local runner'],
    ['validation by models', restApi({ RequestValidatorId: { Ref: 'Validator' }, RequestModels: {} }, s3('a')), 'Test.Method validates bodies by models'],
    ['an integration of another service', restApi({}, { Type: 'AWS', Uri: 'arn:aws:apigateway:us-east-1:states:action/StartExecution' }), 'Test.Method.Integration must be a Lambda proxy, a path of S3 or a mock'],
    ['a path with a gap', restApi({}, s3('{key}')), 'Test.Method.Integration has {key} in its path, but maps nothing to integration.request.path.key'],
    ['a mapping', restApi({}, s3('a', { RequestParameters: { 'integration.request.header.X': 'method.request.body' } })), 'Test.Method.Integration maps from "method.request.body"'],
    ['a template', restApi({}, s3('a', { RequestTemplates: { 'application/json': '#foreach($a in $b)' } })), 'Test.Method.Integration has a mapping template that the local runner does not understand at "#foreach('],
    ['a function of a state machine that is not there', stateMachine('arn:aws:lambda:us-east-1:000000000000:function:other'), 'no stack of the app has a function "arn:aws:lambda:us-east-1:000000000000:function:other"'],
    ['a distribution of a bucket that is not there', distribution({}), 'Test.Site: origin "files" must be a bucket of the app, received "elsewhere.s3.us-east-1.amazonaws.com"'],
    ['a cache policy with queries', distribution({ CachePolicyId: { Ref: 'Policy' } }), 'must have a cache policy of'],
    ['an instance without anything on it', { Host: { Type: 'AWS::EC2::Instance' } }, 'Test.Host must say in its metadata AWS::CloudFormation::Init what is on it'],
    ['a property of an instance', { Host: { Type: 'AWS::EC2::Instance', Properties: { HibernationOptions: {} } } }, 'Test.Host has HibernationOptions'],
    ['a type that it does not know', { Pool: { Type: 'AWS::Cognito::UserPool' } }, 'Pool (AWS::Cognito::UserPool)'],
    ['notifications of a bucket that is not there', notifications({ BucketName: 'elsewhere' }), 'Test.Notifications is about bucket "elsewhere", which no stack creates'],
    ['a filter of events', mapping({ FilterCriteria: {} }), 'Test.Mapping filters events'],
    ['a queue that is not there', mapping({ EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:other' }), 'no stack of the app has a queue "arn:aws:sqs:us-east-1:000000000000:other"'],
    ['a function that is not there', mapping({ FunctionName: 'other' }), 'no stack of the app has a function "other"'],
    ['a rule with a schedule', { Rule: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 hour)' } } }, 'Test.Rule must have an event pattern'],
  ])('names %s', async (_, Resources, message) => {
    const before = temporaryFolders();

    await expect(start({ Resources })).rejects.toThrow(message);
    expect(temporaryFolders().filter((name) => !before.includes(name))).toEqual([]);
  });

  test('shows what the app printed', async () => {
    writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app: 'echo profile is wrong && exit 3' }));

    await expect(LocalApp.start({ directory })).rejects.toThrow(/must synthesise, but ended with status 3:\nprofile is wrong/);
  });

  test('names a cdk.json without an app', async () => {
    writeFileSync(join(directory, 'cdk.json'), '{}');

    await expect(LocalApp.start({ directory })).rejects.toThrow('to be the command of the CDK app, received undefined');
    expect(existsSync(directory)).toBe(true);
  });
});
