import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, LayerVersion, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  CatalogOptions, ImageAdjustment, ImageIdSource, ImageProfile, ImageResizePipelineProps, ImageSourceOptions, ImageWatermark, MetadataPolicy,
  OutputFormat, ProcessingOptions, ResizeFunctionOptions, ResizeHook, ResizeTrigger,
} from '../../../src';
import { open, solid } from '../../helpers/images';

/** What differs of a pipeline: its props, by the stack in which they may make something. */
export type Props = (stack: Construct) => ImageResizePipelineProps & { readonly source?: ImageSourceOptions };
/** From one to the other. Both ways are tried. */
export type Change = readonly [Props, Props];

/**
 * How what CloudFormation refuses can be done all the same: the other stacks are deployed before the pipeline's; its exports are kept for a
 * deployment; or it cannot, because the same export becomes another.
 */
export type Way = 'others first' | 'keep exports' | 'never';

let folder: string;
const pathOf = (name: string) => join(folder, name);

export async function writeFiles(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'cross-stack-'));
  for (const [at, name] of ['one', 'other'].entries()) {
    writeFileSync(pathOf(`${name}.mjs`), `export default () => ({ attributes: { name: '${name}' } });\n`);
    writeFileSync(pathOf(`${name}.png`), await open(solid(4, 4, [at, 0, 0])).png().toBuffer());
    mkdirSync(pathOf(name));
    writeFileSync(join(pathOf(name), 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
}
export const removeFiles = () => rmSync(folder, { recursive: true });

const NOTHING: Props = () => ({});
const setTo = (props: ImageResizePipelineProps): Change => [NOTHING, () => props];
const catalog = (options: CatalogOptions): Change => setTo({ catalog: options });
const processing = (options: ProcessingOptions): Change => setTo({ processing: options });
const lambda = (options: ResizeFunctionOptions): Change => setTo({ resizeFunction: options });
const profiles = (width: number): ImageProfile[] => [ImageProfile.of('card', { width })];
/** A source of its own, beside the pipeline's. */
const sourced = (options: ImageSourceOptions): Props => () => ({ outputPrefix: 'first/', source: { outputPrefix: 'more/', ...options } });
const source = (options: ImageSourceOptions): Change => [sourced({}), sourced(options)];
const triggered = (of: (options: object) => ResizeTrigger, options: object): Change =>
  [() => ({ trigger: of({}) }), () => ({ trigger: of(options) })];
const watermarked = (name: string): Props => () => ({
  profiles: [ImageProfile.of('card', { width: 200, adjustments: [ImageAdjustment.watermark(ImageWatermark.fromAsset(pathOf(`${name}.png`)))] })],
});
const fromBucket = (name: string): Props => (stack) => ({
  profiles: [ImageProfile.of('card', { width: 200, adjustments: [ImageAdjustment.watermark(ImageWatermark.fromBucket(new Bucket(stack, name), 'logo.png'))] })],
});
/** A layer whose ARN another team writes to Systems Manager. */
const parameter = (name: string): Props => (stack) => ({
  resizeFunction: { hook: ResizeHook.fromLayer(LayerVersion.fromLayerVersionArn(stack, 'Layer', StringParameter.valueForStringParameter(stack, name))) },
});
const stored = (name: string): Props => (stack) => ({
  resizeFunction: {
    hook: ResizeHook.fromLayer(new LayerVersion(stack, 'Layer', {
      code: Code.fromBucket(Bucket.fromBucketName(stack, 'Code', 'code'), StringParameter.valueForStringParameter(stack, name)),
    })),
  },
});
const hooked = (name: string): Props => () => ({ resizeFunction: { hook: ResizeHook.fromAsset(pathOf(`${name}.mjs`)) } });
const layered = (name: string): Props => (stack) => ({
  resizeFunction: { hook: ResizeHook.fromLayer(new LayerVersion(stack, `Layer${name}`, { code: Code.fromAsset(pathOf(name)) })) },
});
/** More than the environment of a function holds. */
const many = (width: number): Props => () => ({ profiles: Array.from({ length: 60 }, (_, at) => ImageProfile.of(`profile-${at}`, { width: width + at })) });
const bucketIn = (stack: Construct) => new Bucket(stack, 'Bucket');
const tableIn = (stack: Construct) => {
  const table = new Table(stack, 'Own', { partitionKey: { name: 'imageId', type: AttributeType.STRING } });
  const [partitionKey, sortKey] = ['listingPartition', 'listingSort'].map((name) => ({ name, type: AttributeType.STRING }));
  table.addGlobalSecondaryIndex({ indexName: 'by-status', partitionKey, sortKey });
  return table;
};
const keyIn = (stack: Construct) => new Key(stack, 'Key');

/** A change of each prop of a pipeline, by `<struct>.<prop>`; where a prop has several kinds of it, with a word. */
export const CHANGES: Readonly<Record<string, Change>> = {
  'ImageResizePipelineProps.sourceBucket': [NOTHING, (stack) => ({ sourceBucket: bucketIn(stack) })],
  'ImageResizePipelineProps.sourcePrefix': setTo({ sourcePrefix: 'in/' }),
  'ImageResizePipelineProps.include': setTo({ include: ['**/*.jpg'] }),
  'ImageResizePipelineProps.exclude': setTo({ exclude: ['*.txt'] }),
  'ImageResizePipelineProps.outputBucket': [NOTHING, (stack) => ({ outputBucket: bucketIn(stack) })],
  'ImageResizePipelineProps.outputPrefix': setTo({ outputPrefix: 'out/' }),
  'ImageResizePipelineProps.formerOutputs': [NOTHING, (stack) => ({ outputPrefix: 'out/', formerOutputs: [{ prefix: 'before/' }, { bucket: bucketIn(stack) }] })],
  'ImageResizePipelineProps.outputKey': setTo({ outputKey: '{imageId}/{profile}.{ext}' }),
  'ImageResizePipelineProps.profiles': setTo({ profiles: profiles(200) }),
  'ImageResizePipelineProps.profiles, in a layer': [() => ({ profiles: profiles(200) }), many(1)],
  'ImageResizePipelineProps.profiles, of a layer': [many(1), many(2)],
  'ImageResizePipelineProps.requestedSize': setTo({ requestedSize: ImageProfile.of('requested', { width: 100, height: 100 }) }),
  'ImageResizePipelineProps.trigger': setTo({ trigger: ResizeTrigger.eventBridge(), formerTriggers: [ResizeTrigger.queue()] }),
  'ImageResizePipelineProps.trigger, without a queue': setTo({ trigger: ResizeTrigger.s3Notifications(), formerTriggers: [ResizeTrigger.queue()] }),
  'ImageResizePipelineProps.trigger, with a state machine': setTo({ trigger: ResizeTrigger.stepFunctions(), formerTriggers: [ResizeTrigger.queue()] }),
  'ImageResizePipelineProps.formerTriggers': setTo({ formerTriggers: [ResizeTrigger.stepFunctions()] }),
  'ImageResizePipelineProps.formerTriggers, with a queue': [
    () => ({ trigger: ResizeTrigger.s3Notifications(), formerTriggers: [ResizeTrigger.queue()] }),
    () => ({ trigger: ResizeTrigger.s3Notifications() }),
  ],
  'ImageResizePipelineProps.events': setTo({ events: {} }),
  'ImageResizePipelineProps.encryptionKey': [NOTHING, (stack) => ({ encryptionKey: keyIn(stack) })],
  'ImageResizePipelineProps.formerEncryptionKeys': [NOTHING, (stack) => ({ formerEncryptionKeys: [keyIn(stack)] })],
  'ImageResizePipelineProps.removalPolicy': setTo({ removalPolicy: RemovalPolicy.DESTROY }),
  'ImageEventsOptions.eventBus': [() => ({ events: {} }), (stack) => ({ events: { eventBus: new EventBus(stack, 'Bus') } })],
  'CatalogOptions.table': [NOTHING, (stack) => ({ catalog: { table: tableIn(stack) } })],
  'CatalogOptions.partitionKey': catalog({ partitionKey: 'id' }),
  'CatalogOptions.imageId': catalog({ imageId: ImageIdSource.METADATA }),
  'CatalogOptions.expireAfter': catalog({ expireAfter: Duration.days(30) }),
  'CatalogOptions.exif': catalog({ exif: true }),
  'CatalogOptions.listingShards': catalog({ listingShards: 3 }),
  'ProcessingOptions.maxInputSize': processing({ maxInputSize: Size.mebibytes(5) }),
  'ProcessingOptions.maxInputPixels': processing({ maxInputPixels: 1_000_000 }),
  'ProcessingOptions.acceptSvg': processing({ acceptSvg: true }),
  'ProcessingOptions.acceptHeic': processing({ acceptHeic: true }),
  'ProcessingOptions.metadata': processing({ metadata: MetadataPolicy.KEEP_ALL }),
  'ProcessingOptions.keepAnimation': processing({ keepAnimation: false }),
  'ProcessingOptions.copyUserMetadata': processing({ copyUserMetadata: true }),
  'ProcessingOptions.deleteSource': processing({ deleteSource: true }),
  'ProcessingOptions.deleteRenditions': processing({ deleteRenditions: true }),
  'ResizeFunctionOptions.architecture': lambda({ architecture: Architecture.X86_64 }),
  'ResizeFunctionOptions.memorySize': lambda({ memorySize: 3008 }),
  'ResizeFunctionOptions.tracing': lambda({ tracing: Tracing.ACTIVE }),
  'ResizeFunctionOptions.code': [NOTHING, () => ({ resizeFunction: { code: Code.fromAsset(pathOf('one')) } })],
  'ResizeFunctionOptions.hook': [NOTHING, hooked('one')],
  'ResizeFunctionOptions.hook, another one': [hooked('one'), hooked('other')],
  'ResizeFunctionOptions.hook, in a layer of yours': [layered('one'), layered('other')],
  'ResizeFunctionOptions.hook, in a layer that a parameter names': [parameter('/one'), parameter('/other')],
  'ResizeFunctionOptions.hook, in a layer whose code a parameter names': [stored('/one'), stored('/other')],
  'ResizeFunctionOptions.timeout': lambda({ timeout: Duration.minutes(2) }),
  'ResizeFunctionOptions.logRetention': lambda({ logRetention: RetentionDays.ONE_DAY }),
  'ResizeFunctionOptions.vpc': [NOTHING, (stack) => ({ resizeFunction: { vpc: new Vpc(stack, 'Vpc') } })],
  'ResizeFunctionOptions.vpcSubnets': [
    (stack) => ({ resizeFunction: { vpc: new Vpc(stack, 'Vpc') } }),
    (stack) => ({ resizeFunction: { vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['eu-central-1a'] } } }),
  ],
  'ResizeFunctionOptions.securityGroups': [(stack) => ({ resizeFunction: { vpc: new Vpc(stack, 'Vpc') } }), (stack) => {
    const vpc = new Vpc(stack, 'Vpc');
    return { resizeFunction: { vpc, securityGroups: [new SecurityGroup(stack, 'Group', { vpc })] } };
  }],
  'ResizeFunctionOptions.reservedConcurrency': lambda({ reservedConcurrency: 10 }),
  'ResizeFunctionOptions.role': [NOTHING, (stack) => ({ resizeFunction: { role: new Role(stack, 'Own', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) } })],
  'ImageSourceOptions.prefix': source({ prefix: 'in/' }),
  'ImageSourceOptions.include': source({ include: ['*.jpg'] }),
  'ImageSourceOptions.exclude': source({ exclude: ['*.txt'] }),
  'ImageSourceOptions.profiles': source({ profiles: profiles(300) }),
  'ImageSourceOptions.requestedSize': source({ requestedSize: ImageProfile.of('requested', { width: 100, height: 100 }) }),
  'ImageSourceOptions.outputPrefix': source({ outputPrefix: 'other/' }),
  'ImageSourceOptions, one more': [() => ({ outputPrefix: 'first/' }), sourced({})],
  'FormerOutput.bucket': [() => ({ formerOutputs: [{ prefix: 'before/' }] }), (stack) => ({ formerOutputs: [{ prefix: 'before/', bucket: bucketIn(stack) }] })],
  'FormerOutput.prefix': [() => ({ outputPrefix: 'out/', formerOutputs: [{ prefix: 'a/' }] }), () => ({ outputPrefix: 'out/', formerOutputs: [{ prefix: 'b/' }] })],
  'ImageProfileOptions.width': [() => ({ profiles: profiles(200) }), () => ({ profiles: profiles(300) })],
  'ImageProfileOptions.formats': [() => ({ profiles: profiles(200) }), () => ({ profiles: [ImageProfile.of('card', { width: 200, formats: [OutputFormat.avif()] })] })],
  'ImageProfileOptions.adjustments': [() => ({ profiles: profiles(200) }), watermarked('one')],
  'ImageProfileOptions.adjustments, another watermark': [watermarked('one'), watermarked('other')],
  'ImageProfileOptions.adjustments, a watermark of a bucket': [watermarked('one'), fromBucket('One')],
  'ImageProfileOptions.adjustments, a watermark of another bucket': [fromBucket('One'), fromBucket('Other')],
  'QueueTriggerOptions.maxConcurrency': setTo({ trigger: ResizeTrigger.queue({ maxConcurrency: 5 }) }),
  'QueueTriggerOptions.batchSize': setTo({ trigger: ResizeTrigger.queue({ batchSize: 2 }) }),
  'QueueTriggerOptions.maxTries': setTo({ trigger: ResizeTrigger.queue({ maxTries: 5 }) }),
  'QueueTriggerOptions.deadLetterRetention': setTo({ trigger: ResizeTrigger.queue({ deadLetterRetention: Duration.days(3) }) }),
  'S3NotificationsTriggerOptions.maxTries': triggered(ResizeTrigger.s3Notifications, { maxTries: 2 }),
  'S3NotificationsTriggerOptions.deadLetterRetention': triggered(ResizeTrigger.s3Notifications, { deadLetterRetention: Duration.days(3) }),
  'StepFunctionsTriggerOptions.maxConcurrency': triggered(ResizeTrigger.stepFunctions, { maxConcurrency: 2 }),
  'StepFunctionsTriggerOptions.maxTries': triggered(ResizeTrigger.stepFunctions, { maxTries: 2 }),
  'StepFunctionsTriggerOptions.deadLetterRetention': triggered(ResizeTrigger.stepFunctions, { deadLetterRetention: Duration.days(3) }),
  'StepFunctionsTriggerOptions.logRetention': triggered(ResizeTrigger.stepFunctions, { logRetention: RetentionDays.ONE_DAY }),
};

/** What a change, or the way back, takes. Those that are not here take nothing. */
export const WAYS: Readonly<Record<string, { readonly change?: Way; readonly back?: Way }>> = {
  'ImageResizePipelineProps.sourceBucket': { change: 'keep exports', back: 'keep exports' },
  'ImageResizePipelineProps.outputBucket': { change: 'keep exports', back: 'keep exports' },
  'ImageResizePipelineProps.formerOutputs': { back: 'others first' },
  'ImageResizePipelineProps.trigger, with a state machine': { back: 'others first' },
  'ImageResizePipelineProps.formerTriggers': { back: 'others first' },
  'ImageResizePipelineProps.formerTriggers, with a queue': { change: 'others first' },
  'ImageResizePipelineProps.encryptionKey': { back: 'others first' },
  'ImageResizePipelineProps.formerEncryptionKeys': { back: 'others first' },
  'ImageEventsOptions.eventBus': { back: 'others first' },
  'CatalogOptions.table': { change: 'keep exports', back: 'keep exports' },
  'CatalogOptions.partitionKey': { change: 'never', back: 'never' },
  'ResizeFunctionOptions.vpc': { back: 'others first' },
  'ResizeFunctionOptions.vpcSubnets': { change: 'others first' },
  'ResizeFunctionOptions.securityGroups': { change: 'keep exports', back: 'keep exports' },
  'ResizeFunctionOptions.role': { change: 'keep exports', back: 'keep exports' },
  'ImageSourceOptions, one more': { back: 'others first' },
  'FormerOutput.bucket': { back: 'others first' },
  'ImageProfileOptions.adjustments, a watermark of a bucket': { back: 'others first' },
  'ImageProfileOptions.adjustments, a watermark of another bucket': { change: 'keep exports', back: 'keep exports' },
};
