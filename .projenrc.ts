import { awscdk, javascript } from 'projen';
import {
  BuildWorkflow, CleanTree, DependencyUpdates, DocumentationSite, HandlerPayload, ImportBoundaries, IntegrationTests, Languages, LocalRun,
  PinnedActions, ReleaseWorkflow, TestRun,
} from './projenrc';

const repository = 'https://github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-image-resize-pipeline',
  description: 'Image resizing on AWS as one CDK construct: S3 in, renditions and a queryable status record out.',
  keywords: [
    'aws', 'cdk', 'aws-cdk', 'construct', 'constructs', 'image', 'resize', 'thumbnail', 'avif', 'webp', 'heic', 'sharp', 'libvips', 's3', 'lambda', 'dynamodb',
  ],
  author: 'cdk-image-resize-pipeline contributors',
  authorAddress: repository,
  authorOrganization: true,
  repositoryUrl: `${repository}.git`,
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-image-resize-pipeline contributors',
  stability: 'experimental',
  defaultReleaseBranch: 'main',

  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  tsconfigDevFile: 'tsconfig.dev.json',
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '20',
  cdkVersion: '2.236.0',
  constructsVersion: '10.4.5',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',

  publishToPypi: { distName: 'cdk-image-resize-pipeline', module: 'cdk_image_resize_pipeline' },
  publishToMaven: {
    javaPackage: 'io.github.cdkimageresizepipeline',
    mavenGroupId: 'io.github.cdk-image-resize-pipeline',
    mavenArtifactId: 'cdk-image-resize-pipeline',
  },
  publishToNuget: { dotNetNamespace: 'CdkImageResizePipeline', packageId: 'CdkImageResizePipeline' },
  publishToGo: { moduleName: 'github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline-go' },

  release: false,
  buildWorkflow: false,
  depsUpgradeOptions: { workflow: false },
  pullRequestTemplate: false,
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: { semanticTitleOptions: { types: ['feat', 'fix', 'docs', 'test', 'refactor', 'build', 'style', 'chore'] } },
  },
  sampleCode: false,

  devDeps: [
    '@aws-cdk/integ-runner@^2.197.10',
    '@aws-cdk/integ-tests-alpha@2.236.0-alpha.0',
    '@aws-crypto/crc32@^5.2.0',
    '@aws-crypto/crc32c@^5.2.0',
    '@aws-crypto/sha256-js@^5.2.0',
    '@aws-lambda-powertools/logger@^2.36.0',
    '@aws-lambda-powertools/metrics@^2.36.0',
    '@aws-sdk/client-dynamodb@^3.1162.0',
    '@aws-sdk/client-eventbridge@^3.1162.0',
    '@aws-sdk/client-s3@^3.1162.0',
    '@aws-sdk/lib-dynamodb@^3.1162.0',
    '@aws-sdk/lib-storage@^3.1162.0',
    '@aws-sdk/s3-presigned-post@^3.1162.0',
    '@aws-sdk/s3-request-presigner@^3.1162.0',
    '@cloud-copilot/iam-simulate@^0.1.173',
    '@fastify/multipart@^10.1.9',
    '@fastify/static@^10.1.11',
    '@mermaid-js/tiny@^12.0.0',
    '@smithy/protocol-http@^5.6.2',
    '@smithy/signature-v4@^5.7.5',
    '@types/aws-lambda',
    '@types/busboy',
    '@types/cli-progress',
    '@uppy/core@^6.3.1',
    'aws-local-stepfunctions@3.0.0',
    'axe-core@^4.14.1',
    'busboy@^1.6.0',
    // Newer ones need more than the floor of constructs.
    'cdk-nag@~2.37.55',
    'cli-progress@^3.12.0',
    'cli-table3@^0.6.5',
    'dynalite@^4.0.0',
    'esbuild@^0.28.2',
    'exif-reader@^2.0.3',
    'fast-check@^4.10.2',
    'fastify@^5.12.8',
    'libheif-js@1.23.2',
    'p-limit@^3.1.0',
    'photoswipe@^5.4.4',
    'playwright-core@^1.65.1',
    'sharp@0.35.5',
    'thumbhash@^0.1.1',
    'tsx@^4.23.0',
    'uqr@^0.1.3',
    'vitepress@^1.6.4',
    'yaml@^2.9.1',
    'zod@^4.6.7',
  ],
  jestOptions: {
    jestVersion: '^30',
    jestConfig: {
      testTimeout: 60_000,
      collectCoverage: false,
      globalSetup: '<rootDir>/test/helpers/global-setup.ts',
      globalTeardown: '<rootDir>/test/helpers/global-teardown.ts',
    },
    passWithNoTests: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
  },
});

new HandlerPayload(project);
new ImportBoundaries(project);
new Languages(project);
new LocalRun(project);
new TestRun(project);
new IntegrationTests(project);
new BuildWorkflow(project);
new ReleaseWorkflow(project);
new DependencyUpdates(project);
new DocumentationSite(project);
new PinnedActions(project);
new CleanTree(project);

project.synth();
