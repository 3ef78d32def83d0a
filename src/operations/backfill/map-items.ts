import { Arn, ArnFormat, Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { DistributedMap, DistributedMapProps, FieldUtils, IItemReader, JsonPath, OutputType, Transformation } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { REPORTS_PREFIX } from '../../contract';

/**
 * Where a map's items come from. CDK's own readers of a bucket that an execution names may read every bucket; the rights of these are
 * granted beside them.
 */
export class MapItems implements IItemReader {
  /** Objects under a prefix. */
  public static listed(bucketPath: string, prefixPath: string): MapItems {
    return new MapItems('listObjectsV2', { Bucket: JsonPath.stringAt(bucketPath), Prefix: JsonPath.stringAt(prefixPath) });
  }

  /** Lines of JSON in a file of a bucket. */
  public static lines(bucket: IBucket, keyPath: string): MapItems {
    return new MapItems('getObject', { Bucket: bucket.bucketName, Key: JsonPath.stringAt(keyPath) }, { InputType: 'JSONL' });
  }

  /** Rows of a CSV file of a bucket, whose first row has the names of the columns. */
  public static rows(bucket: IBucket, keyPath: string): MapItems {
    return new MapItems('getObject', { Bucket: bucket.bucketName, Key: JsonPath.stringAt(keyPath) }, { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' });
  }

  public readonly resource: string;

  private constructor(operation: string, private readonly parameters: Record<string, string>, private readonly config?: object) {
    this.resource = serviceIntegration(operation);
  }

  /** Asked for by nobody but users of the interface. */
  public get bucket(): IBucket {
    throw new Error('the bucket is named by the execution');
  }

  public render(): any {
    return FieldUtils.renderObject({ Resource: this.resource, ...(this.config && { ReaderConfig: this.config }), Parameters: this.parameters });
  }

  public providePolicyStatements(): PolicyStatement[] {
    return [];
  }

  public validateItemReader(): string[] {
    return [];
  }
}

interface ResultFolder {
  readonly bucket: IBucket;
  readonly folder: string;
}

/**
 * A map that leaves its results in the folder of the execution, as lines: those of many items are too much for the state of an execution.
 * CDK's own writers depend on a feature flag of the app, and may write to the whole bucket.
 */
export class WritingMap extends DistributedMap {
  /** @param folder of the execution's folder */
  public constructor(scope: Construct, id: string, private readonly results: ResultFolder, props: DistributedMapProps) {
    super(scope, id, { label: id, ...props });
  }

  public override toStateJson(): object {
    const { bucket, folder } = this.results;
    const writer = FieldUtils.renderObject({
      Resource: serviceIntegration('putObject'),
      Parameters: { Bucket: bucket.bucketName, Prefix: JsonPath.format(`${REPORTS_PREFIX}{}/${folder.replace(/\/$/, '')}`, JsonPath.executionName) },
      WriterConfig: { OutputType: OutputType.JSONL, Transformation: Transformation.NONE },
    });
    return { ...super.toStateJson(), ResultWriter: writer };
  }
}

function serviceIntegration(operation: string): string {
  return Arn.format({
    partition: Aws.PARTITION, service: 'states', region: '', account: '', resource: 's3', resourceName: operation, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
