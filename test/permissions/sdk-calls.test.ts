import { Account } from './account';
import { rightsFor } from './sdk-calls';
import { signedInput } from './signed-requests';

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

test('a signed request is the input of its command, whichever way it names its key', () => {
  expect(signedInput('https://s3/photos/a/M%C3%A4rz%201.jpg?X-Amz-Signature=1&x-id=GetObject')).toEqual({ Bucket: 'photos', Key: 'a/März 1.jpg' });
  expect(signedInput('https://s3/photos', { 'key': 'a/cat.jpg', 'Policy': '', 'x-amz-meta-image-id': '1' })).toEqual({ Bucket: 'photos', Key: 'a/cat.jpg' });
});

test('fails for a signed parameter whose rights are not known', () => {
  expect(() => signedInput('https://s3/photos/cat.jpg?x-amz-tagging=a%3Db')).toThrow('the rights that x-amz-tagging take are not known');
  expect(() => signedInput('https://s3/photos', { key: 'cat.jpg', acl: 'public-read' })).toThrow('the rights that acl take are not known');
});
