import { Component, JsonPatch } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';
import { GithubWorkflow } from 'projen/lib/github';
import { Job, JobPermission, JobStep } from 'projen/lib/github/workflows-model';

/** The Node.js of those who build; that of users and of Lambda is tested beside it. */
const LOWEST_NODE = '20';
const LAMBDA_NODE = ['22', '24'];

/**
 * Judges pull requests and `main`. projen's own workflow installs without the lock file, may push to the branch, and packages
 * each language without a look at it.
 */
export class BuildWorkflow extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // Scripts and no tasks, which would turn every failure into exit status 1.
    project.setScript('check:cdk-versions', 'tsx test/package/cdk-versions-cli.ts');
    project.setScript('check:api', 'tsx release/api-cli.ts');
    project.removeTask('compat');

    const workflow = new GithubWorkflow(project.github!, 'build', {
      limitConcurrency: true, concurrencyOptions: { group: '${{ github.workflow }}-${{ github.ref }}', cancelInProgress: true },
    });
    workflow.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
    workflow.addJobs({
      // What a contributor runs, and nothing else: languages, advisories and stale files included.
      'build': job([...checkout(LOWEST_NODE), { name: 'Build, test, compare', run: '.ci/run' }]),
      'node-versions': {
        ...job([...checkout('${{ matrix.node }}'), ...installed('npm run build')]),
        strategy: { failFast: false, matrix: { domain: { node: LAMBDA_NODE } } },
      },
      // The documents as a site: fails where a link leads nowhere.
      'docs': job([...checkout('24'), ...installed('npm run docs:site')]),
      // The floor and the newest of CDK: the latter may fail on a day when nothing changed here.
      'cdk-versions': job([...checkout('24'), ...installed('npx projen pre-compile && npx projen compile', 'npm run check:cdk-versions')]),
    });

    // It reads a title.
    project.github!.tryFindWorkflow('pull-request-lint')?.file?.patch(
      JsonPatch.replace('/jobs/validate/permissions/pull-requests', 'read'), JsonPatch.add('/jobs/validate/timeout-minutes', 5),
    );
  }
}

function job(steps: JobStep[]): Job {
  return { runsOn: ['ubuntu-latest'], timeoutMinutes: 90, permissions: { contents: JobPermission.READ }, env: { CI: 'true' }, steps };
}

/** The workflow's token stays out of the checkout, where a package's script could read it. */
export function checkout(node: string): JobStep[] {
  return [
    { name: 'Checkout', uses: 'actions/checkout', with: { 'persist-credentials': false } },
    { name: 'Set up Node.js', uses: 'actions/setup-node', with: { 'node-version': node, 'package-manager-cache': false } },
  ];
}

export function installed(...commands: string[]): JobStep[] {
  return [{ name: 'Install', run: 'npm ci' }, ...commands.map((run) => ({ run }))];
}
