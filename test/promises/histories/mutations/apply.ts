import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { MUTATIONS } from './list';
import { Condition } from '../../../../src/lambda/resize/record/update-expression';
import { GUARDS, WRITES } from '../../../../src/lambda/resize/record/writes';
import { S3 } from '../../cloud/s3';
import { Table } from '../../cloud/table';

/** Breaks what a mutation breaks, in this process. Those of the text are in its bundle. */
export function apply(name: string | undefined): void {
  const mutation = MUTATIONS.find((one) => one.name === name);
  if (!mutation) return;
  if ('write' in mutation) {
    const write: { needs: readonly string[] } = WRITES[mutation.write as keyof typeof WRITES];
    write.needs = write.needs.filter((guard) => guard !== mutation.without);
  }
  if ('guard' in mutation) GUARDS[mutation.guard] = () => Condition.missing('none has this');
  if ('command' in mutation) {
    // By name of the import: a bundle may give classes other names.
    const command = { PutObjectCommand, DeleteObjectCommand, GetCommand }[mutation.command]!;
    for (const service of [S3, Table]) {
      const { send } = service.prototype as { send: (sent: { input: object }, actor: unknown) => unknown };
      service.prototype.send = function(this: unknown, sent: unknown, actor: unknown) {
        const call = sent as { input: object };
        if (call instanceof command) Object.assign(call, { input: { ...call.input, [mutation.parameter]: undefined } });
        return send.call(this, call, actor);
      };
    }
  }
}
