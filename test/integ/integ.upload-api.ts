import { RemovalPolicy } from 'aws-cdk-lib';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { ImageTest } from './image-test';
import { ImageResizePipeline, ImageUploadApi, UploadMethod } from '../../src';

/** A client asks where to upload, uploads, and gets links that work. It has no rights: the API is open, as only a test may be. */
const test = new ImageTest('ImagesByApi');
const pipeline = new ImageResizePipeline(test.stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY });
const { url } = new ImageUploadApi(test.stack, 'Api', { pipeline, authorizer: new HttpNoneAuthorizer(), uploadMethod: UploadMethod.PUT });

test
  .ask({ announce: { url, fileName: 'cat.png', width: 640, height: 480 } }, '"stored"')
  .ask({ newest: { url } }, '"COMPLETED, and every link works"', { patient: true });
