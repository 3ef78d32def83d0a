import { s3ClientConfig } from '../../../src/lambda/shared/s3-client-config';

test.each([
  ['http://127.0.0.1:9000', true],
  ['http://localhost:4566', true],
  ['http://[::1]:9000', true],
  ['https://10.0.0.7', true],
  ['https://s3.example.com', false],
])('buckets of endpoint %s are addressed by path: %s', (endpoint, forcePathStyle) => {
  expect(s3ClientConfig({ AWS_ENDPOINT_URL: endpoint })).toMatchObject({ forcePathStyle });
  expect(s3ClientConfig({ AWS_ENDPOINT_URL: 'https://other.example.com', AWS_ENDPOINT_URL_S3: endpoint })).toMatchObject({ forcePathStyle });
});

test('without an endpoint the SDK decides', () => {
  expect(s3ClientConfig({})).not.toHaveProperty('forcePathStyle');
});
