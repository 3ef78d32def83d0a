import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

interface Forbidden {
  readonly regex: string;
  readonly message: string;
}

/**
 * The constructs and the handler share `src/contract` and nothing else:
 * the handler must not load CDK, and the constructs must not load the handler's dependencies.
 */
export class ImportBoundaries extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    project.tsconfig?.addExclude('src/handler');
    project.tsconfigDev.addInclude('.projenrc.ts');

    // One project for all that is linted: jsii's own leaves out the handler, tests, examples and tooling.
    const parserOptions = project.eslint?.config.parserOptions;
    delete parserOptions?.projectService;
    if (parserOptions) parserOptions.project = './tsconfig.dev.json';

    // The handler's dependencies are bundled; examples, tests and tooling are not published.
    for (const pattern of ['src/handler/**', 'examples/**', 'assets/**']) project.eslint?.allowDevDeps(pattern);

    const forbid = (files: string[], ...patterns: Forbidden[]) =>
      project.eslint?.addOverride({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
    const noCdk = { regex: '^(aws-cdk-lib|constructs)', message: 'The handler runs in Lambda, without CDK.' };
    const onlyContract = 'The handler shares only src/contract with the constructs.';

    forbid(['src/handler/*.ts'], noCdk, { regex: '^\\.\\./(?!contract$)', message: onlyContract });
    forbid(['src/handler/*/*.ts'], noCdk, { regex: '^\\.\\./\\.\\./(?!contract$)', message: onlyContract });
    forbid(['src/*.ts', 'src/private/**/*.ts', 'src/triggers/**/*.ts'],
      { regex: '/handler(/|$)|^@aws-sdk|^sharp$', message: 'Constructs share only src/contract with the handler.' });
    forbid(['src/contract/**/*.ts'], { regex: '^(?!\\./)', message: 'The contract imports nothing from outside its folder.' });
  }
}
