import { ESLint, loadESLint } from 'eslint';

/** An import that a file must not have, and what says so. */
const FORBIDDEN: readonly (readonly [file: string, imported: string, message: string])[] = [
  ['src/contract/config.ts', '../support/checks', 'The contract imports nothing from outside its folder'],
  ['src/contract/config.ts', 'aws-cdk-lib', 'The contract imports nothing from outside its folder'],
  ['src/contract/config.ts', 'constructs', 'The contract imports nothing from outside its folder'],
  ['src/support/checks.ts', '../profiles/image-profile', 'src/support knows nothing of the rooms that build on it'],
  ['src/support/checks.ts', '../delivery/image-distribution', 'src/support knows nothing of the rooms that build on it'],
  ['src/profiles/image-profile.ts', '../triggers/resize-trigger', 'src/profiles knows nothing of the rooms that build on it'],
  ['src/triggers/resize-trigger.ts', '../pipeline/image-resize-pipeline', 'src/triggers knows nothing of the rooms that build on it'],
  ['src/pipeline/image-resize-pipeline.ts', '../uploads/image-upload-api', 'src/pipeline knows nothing of the rooms that build on it'],
  ['src/pipeline/image-resize-pipeline.ts', '../delivery/image-distribution', 'src/pipeline knows nothing of the rooms that build on it'],
  ['src/uploads/image-upload-api.ts', '../delivery/image-distribution', 'src/uploads knows nothing of the rooms that build on it'],
  ...['support/checks', 'profiles/image-profile', 'triggers/resize-trigger', 'pipeline/source-list', 'uploads/cors', 'delivery/global-name'].flatMap((file) => [
    [`src/${file}.ts`, '../lambda/shared/key-filter', 'Constructs share only src/contract'],
    [`src/${file}.ts`, 'sharp', 'Constructs share only src/contract'],
    [`src/${file}.ts`, '@aws-sdk/client-s3', 'Constructs share only src/contract'],
    [`src/${file}.ts`, '..', 'Rooms do not import the index'],
  ] as const),
  ...['resize/index', 'resize/image/render', 'upload-api/routes', 'shared/s3-client-config'].flatMap((file) => [
    [`src/lambda/${file}.ts`, 'aws-cdk-lib', 'without CDK'],
    [`src/lambda/${file}.ts`, 'aws-cdk-lib/aws-s3', 'without CDK'],
    [`src/lambda/${file}.ts`, 'constructs', 'without CDK'],
    [`src/lambda/${file}.ts`, `${'../'.repeat(file.split('/').length)}support/checks`, 'What runs in Lambda shares only src/contract'],
    [`src/lambda/${file}.ts`, `${'../'.repeat(file.split('/').length)}contract/config`, 'What runs in Lambda shares only src/contract'],
  ] as const),
  ['src/lambda/resize/index.ts', '../upload-api/routes', 'What runs in Lambda shares only src/contract'],
  ['src/lambda/resize/image/render.ts', '../../upload-api/routes', 'What runs in Lambda shares only src/contract'],
  ['src/lambda/upload-api/routes.ts', '../resize/image', 'What runs in Lambda shares only src/contract'],
  ['src/lambda/resize/record/image-id.ts', 'sharp', 'Only src/lambda/resize/image/sharp.ts imports sharp'],
];

const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['src/contract/config.ts', './environment'],
  ['src/contract/config.ts', 'node:zlib'],
  ['src/pipeline/image-resize-pipeline.ts', '../contract'],
  ['src/pipeline/image-resize-pipeline.ts', '../triggers/resize-trigger'],
  ['src/delivery/image-distribution.ts', '../pipeline/image-resize-pipeline'],
  ['src/lambda/resize/image/render.ts', '../../../contract'],
  ['src/lambda/resize/index.ts', '../shared/s3-client-config'],
  ['src/lambda/resize/image/sharp.ts', 'sharp'],
];

let eslint: ESLint;

beforeAll(async () => {
  const Legacy = await loadESLint({ useFlatConfig: false }) as unknown as new (options?: object) => ESLint;
  const { rules } = await new Legacy().calculateConfigForFile('src/index.ts') as { rules: object };
  // Other rules need types, which take long to load.
  const off = Object.fromEntries(Object.keys(rules).map((rule) => [rule, 'off']));
  eslint = new Legacy({ overrideConfig: { parserOptions: { project: null }, rules: off } });
});

test.each(FORBIDDEN)('fails: %s imports %s', async (file, imported, message) => {
  expect(await restrictions(file, imported)).toContainEqual(expect.stringContaining(message));
});

test.each(ALLOWED)('%s may import %s', async (file, imported) => {
  expect(await restrictions(file, imported)).toEqual([]);
});

async function restrictions(file: string, imported: string): Promise<string[]> {
  const [{ messages }] = await eslint.lintText(`import '${imported}';\n`, { filePath: file });
  return messages.filter(({ ruleId, fatal }) => fatal || ruleId === 'no-restricted-imports').map(({ message }) => message);
}
