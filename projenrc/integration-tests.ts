import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

const RUNNER = ['integ-runner', '--directory test/integ', '--test-regex "^integ\\..*\\.ts$"', '--app "node --import tsx {filePath}"'].join(' ');

/**
 * `npm run integ` deploys the stacks of `test/integ` to an account, uses them, and deletes them. Without an account their templates are
 * compared with those that were deployed last, by a test.
 */
export class IntegrationTests extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // Scripts and no tasks: arguments reach the runner, and its exit status the caller.
    project.setScript('integ', `${RUNNER} --update-on-failed`);
    project.setScript('integ:snapshot', `${RUNNER} --max-workers 2`);
    project.setScript('integ:update', `${RUNNER} --max-workers 2 --update-on-failed --dry-run`);
    // The code of functions, which every build makes anew, and what the runner does not compare.
    project.gitignore.addPatterns('/test/integ/*.snapshot/asset.*', '/test/integ/*.snapshot/tree.json', '/test/integ/cdk-integ.out.*');
    project.gitattributes.addAttributes('/test/integ/*.snapshot/**', 'linguist-generated');
  }
}
