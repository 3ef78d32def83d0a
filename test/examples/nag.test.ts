import { App, Stack } from 'aws-cdk-lib';
import { NagSuppressions } from 'cdk-nag';
import { MinimalStack } from '../../examples/minimal/minimal-stack';
import { PresignedFanOutStack } from '../../examples/presigned-fan-out/presigned-fan-out-stack';
import { PresignedSiteStack } from '../../examples/presigned-site/presigned-site-stack';
import { ProductPhotosStack } from '../../examples/product-photos/product-photos-stack';
import { QuickStartStack } from '../../examples/quick-start/quick-start-stack';
import { createApp, synthesize } from '../helpers/cdk';

/** Rule, path in the stack, reason. */
type Explained = readonly [rule: string, path: string, reason: string];

const openApi = (...routes: string[]): Explained[] => routes.map((route) =>
  ['AwsSolutions-APIG4', `Api/HttpApi/${route}/Resource`, 'the example is open to everybody, says so, and says how to change it']);
const IMAGE_ROUTES = ['GET--images', 'GET--images--{imageId}', 'DELETE--images--{imageId}'];

const DISTRIBUTION = 'Site/Distribution/Resource';
const DEPLOYMENT = 'Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';
const BUCKET_DEPLOYMENT: readonly Explained[] = [
  ['AwsSolutions-L1', `${DEPLOYMENT}/Resource`, 'CDK\'s own function'],
  ['AwsSolutions-IAM4', `${DEPLOYMENT}/ServiceRole/Resource`, 'CDK\'s own function'],
  ['AwsSolutions-IAM5', `${DEPLOYMENT}/ServiceRole/DefaultPolicy/Resource`, 'CDK\'s own function: it fills the bucket and tells CloudFront'],
];
const SITE: readonly Explained[] = [
  ['AwsSolutions-CFR1', DISTRIBUTION, 'a gallery for every country'],
  ['AwsSolutions-CFR2', DISTRIBUTION, 'a firewall costs more than the whole example'],
  ['AwsSolutions-CFR3', DISTRIBUTION, 'access logs need a bucket and a retention, which the owner chooses'],
  ['AwsSolutions-CFR4', DISTRIBUTION, 'the certificate of cloudfront.net fixes the version; a domain of the owner does not'],
  ...BUCKET_DEPLOYMENT,
];

test.each<[string, (app: App) => Stack, readonly Explained[]]>([
  ['quick-start', (app) => new QuickStartStack(app, 'Stack'), []],
  ['minimal', (app) => new MinimalStack(app, 'Stack'), [
    ['AwsSolutions-DDB3', 'ImageMetadata/Resource', 'the records can be made again from the images'],
  ]],
  ['product-photos', (app) => new ProductPhotosStack(app, 'Stack'), BUCKET_DEPLOYMENT],
  ['presigned-site', (app) => new PresignedSiteStack(app, 'Stack'), [...openApi('POST--uploads', ...IMAGE_ROUTES), ...SITE]],
  ['presigned-fan-out', (app) => new PresignedFanOutStack(app, 'Stack'), openApi('POST--upload-image', ...IMAGE_ROUTES)],
])('cdk-nag finds nothing in %s but what is explained', (_, create, explained) => {
  const stack = create(createApp());
  for (const [id, path, reason] of explained) NagSuppressions.addResourceSuppressionsByPath(stack, `/Stack/${path}`, [{ id, reason }]);
  expect(Object.keys(synthesize(stack).toJSON().Resources).length).toBeGreaterThan(10);
});
