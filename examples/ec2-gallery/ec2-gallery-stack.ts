import { CfnOutput, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib';
import { IPeer, Peer } from 'aws-cdk-lib/aws-ec2';
import { ImageProfile, ImageResizePipeline, OutputFormat } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';
import { GalleryHost } from './gallery-host';
import { GalleryNetwork } from './gallery-network';

const MAX_UPLOAD = Size.mebibytes(64);
const LISTING_SHARDS = 4;
/** The browser takes the first of these that it knows. */
const FORMATS = [OutputFormat.avif(), OutputFormat.webp(), OutputFormat.jpeg()];

export interface Ec2GalleryStackProps extends StackProps {
  /**
   * Who may open the gallery.
   * @default - everybody
   */
  readonly visitors?: IPeer;
  /**
   * Names under which visitors open the gallery, such as that of a distribution in front of it. By its address it always opens.
   * @default - none
   */
  readonly hostNames?: string[];
  /**
   * Heading of the page.
   * @default 'Image gallery'
   */
  readonly title?: string;
}

/** A gallery with an upload form on one EC2 instance; the pipeline makes the renditions. */
export class Ec2GalleryStack extends Stack {
  constructor(scope: Construct, id: string, props: Ec2GalleryStackProps = {}) {
    super(scope, id, props);

    const pipeline = new ImageResizePipeline(this, 'Images', {
      sourcePrefix: 'uploads/',
      profiles: [
        ImageProfile.of('thumbnail', { width: 200, height: 200, formats: FORMATS }),
        ImageProfile.of('medium', { width: 800, height: 800, formats: FORMATS }),
        ImageProfile.of('large', { width: 1600, height: 1600, formats: FORMATS }),
      ],
      catalog: { listingShards: LISTING_SHARDS },
      processing: { maxInputSize: MAX_UPLOAD, deleteRenditions: true },
      // An example leaves nothing behind. Without this line, buckets outlive their stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const network = new GalleryNetwork(this, 'Network', { visitors: props.visitors ?? Peer.anyIpv4() });
    const host = new GalleryHost(this, 'Host', {
      network,
      pipeline,
      sourcePrefix: 'uploads/',
      listingShards: LISTING_SHARDS,
      maxUploadBytes: MAX_UPLOAD.toBytes(),
      hostNames: props.hostNames ?? [],
      title: props.title ?? 'Image gallery',
    });

    new CfnOutput(this, 'GalleryUrl', { value: `http://${host.publicIp}` });
    new CfnOutput(this, 'InstanceId', { value: host.instance.instanceId });
    new CfnOutput(this, 'InputBucketName', { value: pipeline.sourceBucket.bucketName });
    new CfnOutput(this, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
    new CfnOutput(this, 'TableName', { value: pipeline.table.tableName });
  }
}
