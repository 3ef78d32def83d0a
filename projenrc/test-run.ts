import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** Tests run against what is built; on a fresh checkout `npm test` builds it first. */
export class TestRun extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // Neither jsii nor the bundler nor the test runner checks the types of handler, tests, examples and tooling.
    project.testTask.prependExec('tsc --noEmit --project tsconfig.dev.json');

    project.testTask.prependSpawn(project.compileTask, { condition: 'node -e "process.exit(fs.existsSync(\'lib/index.js\') ? 1 : 0)"' });
    project.addTask('check:histories', {
      description: 'Drives the handler through random histories of events and failures: -- --runs N [--seed S]',
      exec: 'tsx test/histories/cli.ts',
      receiveArgs: true,
    });
    // Always: the tests run the packaged handler, which must be the one of this checkout.
    project.testTask.prependSpawn(project.preCompileTask);
  }
}
