import { AspectPriority, Aspects } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Acts when everything is known that an app adds, such as notifications of a bucket after its pipelines. */
export function atEnd(scope: Construct, act: () => void): void {
  Aspects.of(scope).add({ visit: (node) => { if (node === scope) act(); } }, { priority: AspectPriority.READONLY });
}
