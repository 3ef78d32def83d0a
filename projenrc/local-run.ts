import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** The examples, and `npm run demo`: the main job on this machine, on embedded services. */
export class LocalRun extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // A script and no task, which would turn every failure into exit status 1.
    project.setScript('demo', 'tsx local-runner/demo/cli.ts');

    // Examples import the package by its name, as their copies do.
    project.tsconfigDev.file.addOverride('compilerOptions.paths', { [project.name]: ['./src'] });
    project.jest?.addModuleNameMappers({ [`^${project.name}$`]: '<rootDir>/src' });
    project.eslint?.addRules({ 'import/no-unresolved': ['error', { ignore: [`^${project.name}$`] }] });
    project.eslint?.addLintPattern('examples');
    project.eslint?.addLintPattern('local-runner');
  }
}
