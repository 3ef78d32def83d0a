import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ResizeHook } from './resize-hook';

/** The Lambda function that resizes. What is not here can be set on `pipeline.resizeFunction`. */
export interface ResizeFunctionOptions {
  /**
   * Processor architecture. The package ships the code for both.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;
  /**
   * Memory in MiB, from 512 to 10240. Lambda gives processor time in proportion; 1769 is one vCPU.
   *
   * @default 1769
   */
  readonly memorySize?: number;
  /**
   * Longest time for one invocation, from 10 seconds to 15 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
  /**
   * How long logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * AWS X-Ray tracing.
   *
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing;
  /**
   * A VPC to run in. It needs routes to S3 and DynamoDB, such as gateway endpoints.
   *
   * @default - no VPC
   */
  readonly vpc?: IVpc;
  /**
   * Subnets of the VPC.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups in the VPC.
   *
   * @default - a security group is created
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * Concurrency that is reserved for the function and that it cannot exceed.
   *
   * @default - none is reserved
   */
  readonly reservedConcurrency?: number;
  /**
   * Role of the function. The pipeline adds its permissions to it. If the role cannot be changed, such as an imported one, you must
   * add them yourself, and a warning says so.
   *
   * @default - a role with just the permissions that the pipeline needs
   */
  readonly role?: IRole;
  /**
   * Lambda code that replaces the packaged handler, such as one with another build of libvips.
   * It must export `handler` from `index`, and gets the same environment.
   *
   * @default - the packaged handler for the architecture
   */
  readonly code?: Code;
  /**
   * Code of yours that looks at every original before its renditions are planned: it can refuse the image, add attributes to its record,
   * and choose among its profiles. It shares the memory, the time, the role and the environment of the function.
   *
   * @default - none
   */
  readonly hook?: ResizeHook;
}
