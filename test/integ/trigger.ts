import { RemovalPolicy } from 'aws-cdk-lib';
import { ImageTest } from './image-test';
import { ImageProfile, ImageResizePipeline, OutputFormat, ResizeTrigger } from '../../src';

/** The main job with a trigger: two renditions and a record of an image, a final state of what is no image, and a replacement. */
export function testTrigger(name: string, trigger: ResizeTrigger): void {
  const test = new ImageTest(name);
  const pipeline = new ImageResizePipeline(test.stack, 'Images', {
    trigger,
    removalPolicy: RemovalPolicy.DESTROY,
    profiles: [ImageProfile.THUMBNAIL, ImageProfile.of('card', { width: 320, formats: [OutputFormat.webp()] })],
  });

  test
    .upload(pipeline, { key: 'a cat+ü.png', imageId: 'cat', width: 640, height: 480 })
    .record(pipeline, 'cat', { status: { S: 'COMPLETED' }, sourceKey: { S: 'a cat+ü.png' } })
    .rendition(pipeline, 'a cat+ü.png/thumbnail.jpg', { ContentType: 'image/jpeg' })
    .rendition(pipeline, 'a cat+ü.png/card.webp', { ContentType: 'image/webp' })
    // A replacement is another version of the same image.
    .upload(pipeline, { key: 'a cat+ü.png', imageId: 'cat', width: 300, height: 900 })
    .record(pipeline, 'cat', { status: { S: 'COMPLETED' }, original: { M: { height: { N: '900' } } } })
    .upload(pipeline, { key: 'half.png', imageId: 'half', damaged: true })
    .record(pipeline, 'half', { status: { S: 'FAILED' }, failure: { M: { code: { S: 'CORRUPT_IMAGE' } } } });
}
