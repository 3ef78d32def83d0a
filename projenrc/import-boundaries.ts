import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/**
 * The constructs and the handler share `src/contract` and nothing else:
 * the handler must not load CDK, and the constructs must not load the handler's dependencies.
 */
export class ImportBoundaries extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    project.tsconfig?.addExclude('src/handler');

    const forbid = (files: string[], patterns: { group: string[]; message: string }[]) =>
      project.eslint?.addOverride({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });

    forbid(['src/handler/**/*.ts'], [
      { group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], message: 'The handler runs in Lambda, without CDK.' },
      { group: ['../*', '!../contract', '!../contract/*', '!../../contract/*'], message: 'The handler shares only src/contract with the constructs.' },
    ]);
    forbid(['src/*.ts', 'src/private/**/*.ts', 'src/triggers/**/*.ts'], [
      { group: ['**/handler/*', '@aws-sdk/*', 'sharp'], message: 'Constructs share only src/contract with the handler.' },
    ]);
    forbid(['src/contract/**/*.ts'], [{ group: ['*', '!./*'], message: 'The contract imports nothing from outside its folder.' }]);
  }
}
