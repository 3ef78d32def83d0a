import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';
import { JobPermission } from 'projen/lib/github/workflows-model';

/** The build workflow builds with the lowest supported Node.js; this job tests with the others. */
export class NodeVersions extends Component {
  constructor(project: AwsCdkConstructLibrary, versions: string[]) {
    super(project);
    project.buildWorkflow?.addPostBuildJob('node-versions', {
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      strategy: { matrix: { domain: { node: versions } } },
      steps: [
        { name: 'Checkout', uses: 'actions/checkout@v5' },
        { name: 'Setup Node.js', uses: 'actions/setup-node@v5', with: { 'node-version': '${{ matrix.node }}' } },
        { name: 'Install', run: 'npm ci' },
        { name: 'Build and test', run: 'npm run build' },
      ],
    });
  }
}
