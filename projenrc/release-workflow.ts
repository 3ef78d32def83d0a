import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';
import { GithubWorkflow } from 'projen/lib/github';
import { JobPermission } from 'projen/lib/github/workflows-model';

/** Publishes a pushed version tag with the plain npm client, so that no registry is named in the repository. */
export class ReleaseWorkflow extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    if (!project.github) return;

    const workflow = new GithubWorkflow(project.github, 'release');
    workflow.on({ push: { tags: ['v*.*.*'] } });
    workflow.addJob('npm', {
      runsOn: ['ubuntu-latest'],
      // id-token: npm trusted publishing, no long-lived token.
      permissions: { contents: JobPermission.READ, idToken: JobPermission.WRITE },
      environment: 'release',
      // Without it projen writes version 0.0.0 into package.json.
      env: { RELEASE: 'true' },
      steps: [
        { name: 'Checkout', uses: 'actions/checkout@v5' },
        { name: 'Setup Node.js', uses: 'actions/setup-node@v5', with: { 'node-version': '24' } },
        { name: 'Install', run: 'npm ci' },
        { name: 'Version from the tag', run: 'npm version --no-git-tag-version --allow-same-version "${GITHUB_REF_NAME#v}"' },
        { name: 'Build and test', run: 'npm run build' },
        { name: 'Look for advisories', run: 'npm run audit:payload' },
        { name: 'Check the version', run: 'test -f "dist/js/cdk-image-resize-pipeline@${GITHUB_REF_NAME#v}.jsii.tgz"' },
        { name: 'Publish', run: 'npm publish --provenance --access public dist/js/*.tgz' },
      ],
    });
  }
}
