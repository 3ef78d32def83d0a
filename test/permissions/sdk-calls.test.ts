import { Account } from './account';
import { rightsFor } from './sdk-calls';

const account = Account.of('Calls', () => undefined);
const object = { Bucket: 'photos', Key: 'cat.jpg' };

test('a conditional deletion takes the right to read as well', () => {
  const actions = (input: object) => rightsFor(account, 'DeleteObjectCommand', { ...object, ...input }).map(({ action }) => action);
  expect(actions({})).toEqual(['s3:DeleteObject']);
  expect(actions({ IfMatch: 'etag' })).toEqual(['s3:DeleteObject', 's3:GetObject']);
});

test('fails for a command whose rights are not known', () => {
  expect(() => rightsFor(account, 'CopyObjectCommand', object)).toThrow('the rights that CopyObjectCommand takes are not known');
});

test('fails for a parameter whose rights are not known', () => {
  expect(() => rightsFor(account, 'PutObjectCommand', { ...object, ACL: 'public-read' })).toThrow('the rights that ACL take are not known');
});
