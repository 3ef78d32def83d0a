import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LISTING_INDEX } from '../contract';
import { combine, decryptWith, encryptWith, grantObjects } from '../support/grant-objects';
import type { KeySpace } from '../support/key-spaces';

/** What can be granted. */
interface Granted {
  /** Where images arrive, by now. */
  readonly inputs: () => readonly KeySpace[];
  /** Calls with each key space of renditions, also with those that are yet to come. */
  readonly onRenditions: (listener: (space: KeySpace) => void) => void;
  readonly table: ITable;
  readonly formerKeys: readonly IKey[];
}

/**
 * Permissions for those who work with a pipeline. Each covers the pipeline's prefixes and nothing beside them.
 *
 * @example
 * import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
 * import { ImageResizePipeline } from 'cdk-image-resize-pipeline';
 *
 * const images = new ImageResizePipeline(this, 'Images');
 * const shop = new Role(this, 'Shop', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
 * images.grants.upload(shop);
 * images.grants.readCatalog(shop);
 * images.grants.readRenditions(shop);
 */
export class ImageResizePipelineGrants {
  /** @internal */
  public static _of(granted: Granted): ImageResizePipelineGrants {
    return new ImageResizePipelineGrants(granted);
  }

  private constructor(private readonly granted: Granted) {}

  /**
   * Upload originals to every source that the pipeline has so far, also in parts.
   *
   * @param grantee who may
   */
  public upload(grantee: IGrantable): Grant {
    return combine(this.granted.inputs().map((source) => grantObjects(grantee, source, ['s3:PutObject', 's3:AbortMultipartUpload'], encryptWith)));
  }

  /**
   * Read originals of every source that the pipeline has so far.
   *
   * @param grantee who may
   */
  public readOriginals(grantee: IGrantable): Grant {
    return combine(this.granted.inputs().map((source) => grantObjects(grantee, source, ['s3:GetObject'], decryptWith(this.granted.formerKeys))));
  }

  /**
   * Read renditions, also those of sources that are added later, and former ones where `formerOutputs` names them.
   *
   * @param grantee who may
   * @returns the grant on what the pipeline has so far
   */
  public readRenditions(grantee: IGrantable): Grant {
    const grants: Grant[] = [];
    this.granted.onRenditions((space) => grants.push(grantObjects(grantee, space, ['s3:GetObject'], decryptWith(this.granted.formerKeys))));
    return combine(grants);
  }

  /**
   * Read and list image records.
   *
   * @param grantee who may
   */
  public readCatalog(grantee: IGrantable): Grant {
    const { table, formerKeys } = this.granted;
    const read = Grant.addToPrincipal({
      grantee, actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], resourceArns: [table.tableArn],
    });
    const list = Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [`${table.tableArn}/index/${LISTING_INDEX}`] });
    return combine([read, list, ...[table.encryptionKey, ...formerKeys].map((key) => key?.grantDecrypt(grantee))]);
  }
}
