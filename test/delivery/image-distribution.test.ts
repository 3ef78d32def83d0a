import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { KeyGroup, PriceClass, PublicKey } from 'aws-cdk-lib/aws-cloudfront';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { ImageDistribution, ImageDistributionProps, ImageResizePipeline, ImageResizePipelineProps } from '../../src';
import { RENDITION_METADATA } from '../../src/contract';
import { createApp, createBucket, createStack, propertiesOf, Statement, statementsIn, synthesize, warningsOf } from '../helpers/cdk';

const THIS_ONE = { StringEquals: { 'aws:SourceArn': 'arn:AWS::Partition:cloudfront::AWS::AccountId:distribution/DeliveryDistribution' } };
const ANY = { ArnLike: { 'aws:SourceArn': 'arn:AWS::Partition:cloudfront::AWS::AccountId:distribution/*' } };
const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/1';
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC8Xz5v0r1uQ0X9p5v5Q2nQ0hQb
-----END PUBLIC KEY-----`;

type Options = Omit<ImageDistributionProps, 'pipeline'>;

function deliver(options: Options = {}, pipelineProps: ImageResizePipelineProps = {}, stack = createStack()) {
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', pipelineProps);
  return { stack, pipeline, delivery: new ImageDistribution(stack, 'Delivery', { pipeline, ...options }) };
}

function distributionOf(stack: Stack) {
  return propertiesOf(synthesize(stack), 'AWS::CloudFront::Distribution').DistributionConfig;
}

/** What CloudFront may do, by all bucket policies. */
function forCloudFront(stack: Stack): Statement[] {
  return Object.values(synthesize(stack).findResources('AWS::S3::BucketPolicy'))
    .flatMap(({ Properties }) => statementsIn(Properties.PolicyDocument))
    .filter(({ Principal }) => JSON.stringify(Principal).includes('cloudfront'));
}

function reading(...Resource: string[]): Statement {
  return { Effect: 'Allow', Action: ['s3:GetObject'], Resource, Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: THIS_ONE };
}

describe('a distribution with nothing but a pipeline', () => {
  const { stack, delivery } = deliver();
  const template = synthesize(stack);
  const config = distributionOf(stack);
  const headers = propertiesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig;

  test('serves the output bucket with signed requests', () => {
    expect(config.Origins).toEqual([expect.objectContaining({
      DomainName: 'PipelineOutputBucket.RegionalDomainName',
      OriginAccessControlId: 'DeliveryAccessControl.Id',
      S3OriginConfig: { OriginAccessIdentity: '' },
    })]);
    expect(propertiesOf(template, 'AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig)
      .toMatchObject({ OriginAccessControlOriginType: 's3', SigningBehavior: 'always', SigningProtocol: 'sigv4' });
  });

  test('answers GET and HEAD over HTTPS, over HTTP/2 and HTTP/3', () => {
    expect(config).toMatchObject({ Enabled: true, HttpVersion: 'http2and3', IPV6Enabled: true, PriceClass: 'PriceClass_All' });
    expect(config.DefaultCacheBehavior).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https', AllowedMethods: ['GET', 'HEAD'], CachedMethods: ['GET', 'HEAD'], Compress: false,
    });
    expect(config).not.toHaveProperty('CacheBehaviors');
  });

  test('caches for a day what says nothing itself, for a year at most, and forwards nothing of the request', () => {
    expect(propertiesOf(template, 'AWS::CloudFront::CachePolicy').CachePolicyConfig).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 86_400,
      MaxTTL: 31_536_000,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      },
    });
    expect(config.DefaultCacheBehavior).not.toHaveProperty('OriginRequestPolicyId');
  });

  test('lets browsers show the images anywhere, and run nothing', () => {
    expect(headers.SecurityHeadersConfig).toEqual({
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ContentSecurityPolicy: {
        ContentSecurityPolicy: 'default-src \'none\'; style-src \'unsafe-inline\'; frame-ancestors \'none\'; sandbox', Override: true,
      },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
    });
    expect(headers.CustomHeadersConfig).toEqual({ Items: [{ Header: 'Cross-Origin-Resource-Policy', Value: 'cross-origin', Override: true }] });
    expect(headers).not.toHaveProperty('CorsConfig');
  });

  test('tells nothing of the original and its bucket, in as many headers as CloudFront removes', () => {
    const removed = headers.RemoveHeadersConfig.Items.map(({ Header }: { Header: string }) => Header);
    expect(removed).toEqual(expect.arrayContaining(Object.values(RENDITION_METADATA).map((name) => `x-amz-meta-${name}`)));
    expect(removed).toContain('x-amz-server-side-encryption-aws-kms-key-id');
    expect(removed.length).toBeLessThanOrEqual(10);
  });

  test('may read renditions, and neither list nor write nor read anything else', () => {
    expect(forCloudFront(stack)).toEqual([reading('PipelineOutputBucket.Arn/*')]);
    template.resourceCountIs('AWS::S3::BucketPolicy', 2);
  });

  test('needs no signature, certificate, firewall or logs', () => {
    for (const absent of ['Aliases', 'ViewerCertificate', 'WebACLId', 'Logging', 'DefaultRootObject']) expect(config).not.toHaveProperty(absent);
    expect(config.DefaultCacheBehavior).not.toHaveProperty('TrustedKeyGroups');
  });

  test('says where renditions are', () => {
    expect(stack.resolve(delivery.url)).toEqual({ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['DeliveryDistribution45EACD51', 'DomainName'] }]] });
    expect(delivery.distribution.node.path).toBe('Stack/Delivery/Distribution');
  });

  test('warns of nothing', () => {
    expect(warningsOf(stack)).toEqual([]);
  });

  test('keeps its logical ids, because a replaced distribution has another address', () => {
    expect(Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Delivery')).sort()).toEqual([
      'DeliveryAccessControlFCEA3B4C',
      'DeliveryCachePolicy3F3AC568',
      'DeliveryDistribution45EACD51',
      'DeliveryResponseHeaders1C62F5BC',
    ]);
  });
});

test('what can be chosen is chosen', () => {
  const stack = createStack();
  const keyGroup = new KeyGroup(stack, 'Signers', { items: [new PublicKey(stack, 'Signer', { encodedKey: PUBLIC_KEY })] });
  const accessLogBucket = createBucket(stack, 'Photos', { objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED });
  const { delivery } = deliver({
    cacheDuration: Duration.hours(1),
    signedBy: [keyGroup],
    corsOrigins: ['https://www.example.com'],
    domainNames: ['*.images.example.com', 'images.example.com'],
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE),
    webAclId: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/images/1',
    priceClass: PriceClass.PRICE_CLASS_100,
    accessLogBucket,
    accessLogPrefix: 'images/',
  }, {}, stack);

  const template = synthesize(stack);
  expect(distributionOf(stack)).toMatchObject({
    Aliases: ['*.images.example.com', 'images.example.com'],
    ViewerCertificate: { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    WebACLId: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/images/1',
    PriceClass: 'PriceClass_100',
    Logging: { Bucket: 'Photos.RegionalDomainName', Prefix: 'images/' },
    DefaultCacheBehavior: { TrustedKeyGroups: ['Signers'] },
  });
  expect(propertiesOf(template, 'AWS::CloudFront::CachePolicy').CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 3600, MaxTTL: 31_536_000 });
  expect(propertiesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig.CorsConfig).toMatchObject({
    AccessControlAllowOrigins: { Items: ['https://www.example.com'] },
    AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
    AccessControlAllowCredentials: false,
    OriginOverride: true,
  });
  expect(delivery.url).toBe('https://images.example.com');
});

test('under a wildcard name alone the address is that of CloudFront', () => {
  const stack = createStack();
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE);
  const { delivery } = deliver({ domainNames: ['*.example.com'], certificate }, {}, stack);
  expect(stack.resolve(delivery.url)).toMatchObject({ 'Fn::Join': ['', ['https://', expect.anything()]] });
});

describe('renditions beside their originals', () => {
  const stack = createStack();
  const media = createBucket(stack);
  const { pipeline } = deliver({}, { sourceBucket: media, sourcePrefix: 'uploads/', outputBucket: media, outputPrefix: 'renditions/' }, stack);
  pipeline.addSource(createBucket(stack, 'Photos'), { outputPrefix: 'photos/' });

  test('are readable, also those of sources that were added after the distribution', () => {
    expect(forCloudFront(stack)).toEqual([reading('Bucket.Arn/renditions/*', 'Bucket.Arn/photos/*')]);
  });

  test('leave the originals out of reach', () => {
    const resources = forCloudFront(stack).flatMap(({ Resource }) => Resource);
    expect(resources.filter((resource) => /uploads|^Photos|^Bucket\.Arn(\/\*)?$/.test(resource))).toEqual([]);
    expect(distributionOf(stack).Origins).toHaveLength(1);
  });
});

test('prefixes that are known at deployment only are covered', () => {
  const stack = createStack();
  deliver({}, { outputPrefix: `${Aws.STACK_ID}/` }, stack);
  expect(forCloudFront(stack)).toEqual([reading('PipelineOutputBucket.Arn/AWS::StackId/*')]);
});

test('two distributions of one pipeline live in one stack', () => {
  const { stack, pipeline } = deliver();
  new ImageDistribution(stack, 'OtherDelivery', { pipeline });
  expect(forCloudFront(stack)).toHaveLength(2);
});

test('names of policies hold the region, because they are global', () => {
  const template = synthesize(deliver().stack);
  const names = [
    propertiesOf(template, 'AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig.Name,
    propertiesOf(template, 'AWS::CloudFront::CachePolicy').CachePolicyConfig.Name,
    propertiesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy').ResponseHeadersPolicyConfig.Name,
  ];
  expect(names).toEqual(Array(3).fill(expect.stringMatching(/^Stack-Delivery-[0-9A-F]{8}-AWS::Region$/)));
});

test('names of policies fit into what CloudFront allows, however deep the construct is', () => {
  const stack = createStack('S'.repeat(120), createApp(), { env: { region: 'ap-southeast-2', account: '111111111111' } });
  deliver({}, {}, stack);
  expect(propertiesOf(synthesize(stack), 'AWS::CloudFront::OriginAccessControl').OriginAccessControlConfig.Name.length).toBeLessThanOrEqual(64);
});

describe('an imported bucket', () => {
  const stack = createStack();
  const { pipeline } = deliver({}, { outputBucket: Bucket.fromBucketName(stack, 'Renditions', 'renditions'), outputPrefix: 'small/' }, stack);
  pipeline.addSource(createBucket(stack, 'Photos'), { outputPrefix: 'photos/' });

  test('is served, and a warning says which statement its owner has to add', () => {
    expect(distributionOf(stack).Origins[0].DomainName).toMatch(/^renditions\.s3\./);
    expect(forCloudFront(stack)).toEqual([]);

    const [{ path, id, message }, ...others] = warningsOf(stack);
    expect([path, id, others]).toEqual(['/Stack/Delivery', 'cdk-image-resize-pipeline:importedBucket', []]);
    expect(message).toMatch(/^the policy of outputBucket Stack\/Renditions cannot be changed from here: add \{.*\}$/);
    expect(message).toMatch(/"Action":"s3:GetObject".*aws:SourceArn.*:distribution\/.*:s3:::renditions\/small\/\*.*:s3:::renditions\/photos\/\*/);
  });
});

describe('a bucket of another stack', () => {
  const app = createApp();
  const storage = createStack('Storage', app);
  const outputBucket = createBucket(storage, 'Renditions');
  const stack = createStack('Stack', app);
  deliver({}, { outputBucket }, stack);

  test('cannot name the distribution, so that any of the account may read renditions, and a warning says so', () => {
    expect(distributionOf(stack).Origins).toHaveLength(1);
    expect(forCloudFront(storage)).toEqual([{ ...reading('Renditions.Arn/*'), Condition: ANY }]);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Delivery', id: 'cdk-image-resize-pipeline:anyDistribution', message: expect.stringContaining('Storage/Renditions is in another stack'),
    }]);
  });
});

describe('a customer key', () => {
  test('may be used by distributions of the account, as far as bucket policies let them read', () => {
    const stack = createStack();
    deliver({}, { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }, stack);
    const statements = statementsIn(propertiesOf(synthesize(stack), 'AWS::KMS::Key').KeyPolicy);
    expect(statements.filter(({ Principal }) => JSON.stringify(Principal).includes('cloudfront'))).toEqual([
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'], Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: ANY },
    ]);
    expect(forCloudFront(stack)).toEqual([reading('PipelineOutputBucket.Arn/*')]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('that is imported needs a statement of its owner', () => {
    const stack = createStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1');
    deliver({}, { outputBucket: createBucket(stack, 'Renditions', { encryptionKey }) }, stack);
    synthesize(stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Delivery', id: 'cdk-image-resize-pipeline:importedKey', message: expect.stringMatching(/Stack\/Key cannot be changed.*"Action":"kms:Decrypt"/),
    }]);
  });

  test('fails when it is that of AWS, which CloudFront cannot use', () => {
    const stack = createStack();
    expect(() => deliver({}, { outputBucket: createBucket(stack, 'Renditions', { encryption: BucketEncryption.KMS_MANAGED }) }, stack))
      .toThrow('pipeline.outputBucket must be encrypted with S3\'s own keys or a customer key to be read by CloudFront, received "aws:kms"');
  });
});

describe('properties', () => {
  test.each<[string, Options, string]>([
    ['a cache duration of more than a year', { cacheDuration: Duration.days(366) }, 'cacheDuration must be a whole number from 0 to 31536000 seconds, received 31622400'],
    ['a cache duration below a second', { cacheDuration: Duration.millis(500) }, 'cacheDuration must be a whole number from 0 to 31536000 seconds, received 0.5'],
    ['an empty list of signers, which would mean none', { signedBy: [] }, 'signedBy must be at least one key group, received []'],
    ['an origin with a path', { corsOrigins: ['*', 'https://example.com/'] }, 'corsOrigins[1] must be * or a scheme and a host without a path, received "https://example.com/"'],
    ['an origin without a scheme', { corsOrigins: ['example.com'] }, 'corsOrigins[0] must be'],
    ['names without a certificate', { domainNames: ['images.example.com'] }, 'certificate must be given with domainNames'],
    ['an empty list of names', { domainNames: [] }, 'domainNames must be at least one name'],
    ['a prefix of logs without their bucket', { accessLogPrefix: 'images/' }, 'accessLogPrefix must be given with accessLogBucket only, received "images/"'],
  ])('fails with %s', (_, options, message) => {
    expect(() => deliver(options)).toThrow(`[Stack/Delivery] ${message}`);
  });

  test('fails with a certificate without names', () => {
    const stack = createStack();
    expect(() => deliver({ certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) }, {}, stack)).toThrow('domainNames must be given with certificate');
  });

  test.each<[string, ObjectOwnership | undefined]>([
    ['as S3 makes them', undefined], ['that its owner owns alone', ObjectOwnership.BUCKET_OWNER_ENFORCED],
  ])('fails with a bucket for logs %s, which takes no ACLs', (_, objectOwnership) => {
    const stack = createStack();
    expect(() => deliver({ accessLogBucket: createBucket(stack, 'Photos', { objectOwnership }) }, {}, stack))
      .toThrow('accessLogBucket must be a bucket that takes ACLs, by which CloudFront writes its logs, received "BucketOwnerEnforced"');
  });

  test('an imported bucket for logs is taken', () => {
    const stack = createStack();
    deliver({ accessLogBucket: Bucket.fromBucketName(stack, 'Photos', 'photos') }, {}, stack);
    expect(distributionOf(stack).Logging.Bucket).toMatch(/^photos\.s3\./);
  });

  test('a cache duration of nothing asks S3 every time', () => {
    const template = synthesize(deliver({ cacheDuration: Duration.seconds(0) }).stack);
    expect(propertiesOf(template, 'AWS::CloudFront::CachePolicy').CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 31_536_000 });
  });
});
