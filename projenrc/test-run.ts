import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** Tests run against what is built; on a fresh checkout `npm test` builds it first. */
export class TestRun extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // It is an ES module, which jest does not load.
    project.jest!.config.transform['/thumbhash/.+\\.js$'] = ['ts-jest', { tsconfig: { allowJs: true, module: 'commonjs' }, diagnostics: false }];
    project.jest!.config.transformIgnorePatterns = ['/node_modules/(?!thumbhash/)'];

    // Neither jsii nor the bundler nor the test runner checks the types of handler, tests, examples and tooling.
    project.testTask.prependExec('tsc --noEmit --project tsconfig.dev.json');

    project.testTask.prependSpawn(project.compileTask, { condition: 'node -e "process.exit(fs.existsSync(\'lib/index.js\') ? 1 : 0)"' });
    project.addTask('check:histories', {
      description: 'Drives the handler through random histories of events and failures: -- --runs N [--seed S]',
      exec: 'tsx test/promises/histories/cli.ts',
      receiveArgs: true,
    });
    project.addTask('check:mutations', {
      description: 'Breaks one guard of the handler after the other, which check:histories must notice: -- [--runs N] [--seed S] [--only TEXT]',
      exec: 'tsx test/promises/histories/mutations/cli.ts',
      receiveArgs: true,
    });
    project.addTask('check:fuzz', {
      description: 'Feeds mutated events and images to the handler: -- [--seconds N] [--seed S] [--out DIR]',
      exec: 'tsx test/hostile/cli.ts',
      receiveArgs: true,
    });
    project.addTask('check:backfill', {
      description: 'Fills a bucket, plans, makes, changes profiles, kills runs, and counts: -- [--originals N] [--kills N] [--seed S]',
      exec: 'tsx test/operations/backfill/cli.ts',
      receiveArgs: true,
    });
    project.addTask('check:parity', {
      description: 'Compares renditions with what a browser shows: -- [FOLDER] [--runs N] [--seed S] [--out FILE]',
      exec: 'tsx test/parity/cli.ts',
      receiveArgs: true,
    });
    // Scripts and no tasks, which would turn every failure into exit status 1.
    project.setScript('bench', 'tsx test/measure/bench/cli.ts');
    project.setScript('scale', 'tsx test/measure/scale/cli.ts');

    // Always: the tests run the packaged handler, which must be the one of this checkout.
    project.testTask.prependSpawn(project.preCompileTask);
  }
}
