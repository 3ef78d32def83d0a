import { RemovalPolicy } from 'aws-cdk-lib';
import { ImageTest } from './image-test';
import { ImageDistribution, ImageResizePipeline } from '../../src';

/** CloudFront shows renditions, and nothing else. */
const test = new ImageTest('ImagesOverCloudFront');
const pipeline = new ImageResizePipeline(test.stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY, outputKey: '{imageId}/{profile}.{ext}' });
const { url } = new ImageDistribution(test.stack, 'Delivery', { pipeline });

test
  .upload(pipeline, { key: 'cat.png', imageId: 'cat' })
  .record(pipeline, 'cat', { status: { S: 'COMPLETED' } })
  .ask({ read: { url: `${url}/cat/thumbnail.jpg` } }, '"image/jpeg"', { patient: true })
  .ask({ read: { url: `${url}/cat.png` } }, '"403"');
