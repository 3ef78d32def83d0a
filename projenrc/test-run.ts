import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** Tests run against what is built; on a fresh checkout `npm test` builds it first. */
export class TestRun extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // Neither jsii nor the bundler nor the test runner checks the types of handler, tests, examples and tooling.
    project.testTask.prependExec('tsc --noEmit --project tsconfig.dev.json');

    const built = ['lib/index.js', 'assets/resize-handler/linux-arm64/index.mjs', 'assets/resize-handler/linux-x64/index.mjs'];
    const condition = `node -e "process.exit(${JSON.stringify(built).replaceAll('"', '\'')}.every(require('fs').existsSync) ? 1 : 0)"`;
    project.testTask.prependSpawn(project.compileTask, { condition });
    project.testTask.prependSpawn(project.preCompileTask, { condition });
  }
}
