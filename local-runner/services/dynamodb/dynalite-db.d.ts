declare module 'dynalite/db' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';

  /** The units that a write of an item takes, as the embedded table counts them. */
  export function capacityUnits(item: Readonly<Record<string, AttributeValue>>): number;
}
