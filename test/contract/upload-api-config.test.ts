import { IMAGE_API_VARIABLE, parseImageApiConfig, renderImageApiConfig } from '../../src/contract';

const config = {
  serviceName: 'Api',
  upload: {
    bucket: 'photos',
    prefix: 'web/',
    source: { prefix: '', include: [], exclude: ['**/*.psd'] },
    path: '/uploads',
    method: 'PUT',
    maxBytes: 1000,
    contentTypes: ['image/png'],
    expirySeconds: 60,
    requestedSize: { width: 10, height: 20 },
  },
  links: { expirySeconds: 60, baseUrl: 'https://cdn.example.com' },
  catalog: { table: 'images', partitionKey: 'imageId', shards: 4 },
  deletes: true,
} as const;

test('what the construct renders is what the function parses', () => {
  expect(parseImageApiConfig({ [IMAGE_API_VARIABLE]: JSON.stringify(renderImageApiConfig(config)) })).toEqual({ version: 1, ...config });
});

test.each([
  ['without the variable', undefined, 'expected environment variable IMAGE_UPLOAD_API_CONFIG to hold the configuration, received undefined'],
  ['with an empty variable', '', 'expected environment variable IMAGE_UPLOAD_API_CONFIG to hold the configuration, received ""'],
  ['without JSON', '{', 'expected environment variable IMAGE_UPLOAD_API_CONFIG to be JSON, received "{"'],
  ['with null', 'null', 'expected configuration version 1 in IMAGE_UPLOAD_API_CONFIG, received undefined: deploy construct and function of the same release'],
  ['with another version', '{"version":2}', 'expected configuration version 1 in IMAGE_UPLOAD_API_CONFIG, received 2: deploy construct and function of the same release'],
])('fails %s', (_, json, message) => {
  expect(() => parseImageApiConfig({ [IMAGE_API_VARIABLE]: json })).toThrow(message);
});
