import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';
import { JobPermission } from 'projen/lib/github/workflows-model';

/** `npm run check:cdk-versions`, and a job of the build workflow that runs it: it installs CDK's newest version, so it needs a registry. */
export class CdkVersions extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // A script and no task, which would turn every failure into exit status 1.
    project.setScript('check:cdk-versions', 'tsx test/package/cdk-versions-cli.ts');
    project.buildWorkflow?.addPostBuildJob('cdk-versions', {
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      steps: [
        { name: 'Checkout', uses: 'actions/checkout@v5' },
        { name: 'Setup Node.js', uses: 'actions/setup-node@v5', with: { 'node-version': '24' } },
        { name: 'Install', run: 'npm ci' },
        { name: 'Compile', run: 'npx projen pre-compile && npx projen compile' },
        { name: 'Synthesise the examples', run: 'npm run check:cdk-versions' },
      ],
    });
  }
}
