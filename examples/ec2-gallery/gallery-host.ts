import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AmazonLinuxCpuType, BlockDeviceVolume, CfnEIP, CfnEIPAssociation, CpuCredits, EbsDeviceVolumeType, HttpTokens, Instance, InstanceClass,
  InstanceSize, InstanceType, MachineImage,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ImageResizePipeline } from 'cdk-image-resize-pipeline';
import { Construct } from 'constructs';
import { SERVER_FOLDER, SERVER_PORT, SHUTDOWN_SECONDS } from './gallery-files';
import { galleryInit } from './gallery-init';
import { GalleryNetwork } from './gallery-network';
import { GalleryRole } from './gallery-role';

export interface GalleryHostProps {
  readonly network: GalleryNetwork;
  readonly pipeline: ImageResizePipeline;
  readonly sourcePrefix: string;
  readonly listingShards: number;
  readonly maxUploadBytes: number;
  readonly title: string;
  readonly hostNames: readonly string[];
}

/**
 * One instance with nginx and the server, and an address that stays. The instance holds nothing: what changes on it
 * makes a new one, which takes over when it is healthy.
 */
export class GalleryHost extends Construct {
  readonly instance: Instance;
  readonly publicIp: string;

  constructor(scope: Construct, id: string, props: GalleryHostProps) {
    super(scope, id);
    const { network, pipeline, sourcePrefix, maxUploadBytes } = props;
    const logGroup = (name: string) => new LogGroup(this, name, { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const logs = { server: logGroup('ServerLogs'), web: logGroup('WebLogs') };

    this.instance = new Instance(this, 'Instance', {
      vpc: network.vpc,
      securityGroup: network.securityGroup,
      role: new GalleryRole(this, 'Role', { pipeline, sourcePrefix, logGroups: Object.values(logs) }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL),
      // When it is short of CPU credits it gets slower, not dearer.
      creditSpecification: CpuCredits.STANDARD,
      machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
      httpTokens: HttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [{ deviceName: '/dev/xvda', volume: BlockDeviceVolume.ebs(8, { volumeType: EbsDeviceVolumeType.GP3, encrypted: true }) }],
      userDataCausesReplacement: true,
      init: galleryInit(this, {
        maxUploadBytes,
        logs,
        environment: {
          PORT: SERVER_PORT,
          WEB_FOLDER: `${SERVER_FOLDER}/web`,
          TITLE: props.title,
          HOST_NAMES: props.hostNames.join(','),
          TABLE_NAME: pipeline.table.tableName,
          LISTING_SHARDS: props.listingShards,
          SOURCE_BUCKET: pipeline.sourceBucket.bucketName,
          SOURCE_PREFIX: sourcePrefix,
          OUTPUT_BUCKET: pipeline.outputBucket.bucketName,
          MAX_UPLOAD_BYTES: maxUploadBytes,
          MAX_UPLOADS: 8,
          LINK_SECONDS: 300,
          SHUTDOWN_SECONDS,
          AWS_REGION: Stack.of(this).region,
        },
      }),
      initOptions: { timeout: Duration.minutes(10) },
    });

    // It installs packages as soon as it runs.
    this.instance.node.addDependency(network);

    const address = new CfnEIP(this, 'Address');
    new CfnEIPAssociation(this, 'AddressOfInstance', { allocationId: address.attrAllocationId, instanceId: this.instance.instanceId });
    this.publicIp = address.attrPublicIp;
  }
}
