import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** What is bundled and never compiled by jsii. */
const lambdaFolders = ['src/handler', 'src/image-api', 'src/runtime'];

interface Forbidden {
  readonly regex: string;
  readonly message: string;
}

/**
 * The constructs and what runs in Lambda, `src/handler` and `src/image-api`, share `src/contract` and nothing else:
 * a function must not load CDK, and the constructs must not load a function's dependencies. The functions share
 * `src/runtime`, and know nothing of each other.
 */
export class ImportBoundaries extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    for (const folder of lambdaFolders) project.tsconfig?.addExclude(folder);
    project.tsconfigDev.addInclude('.projenrc.ts');

    // One project for all that is linted: jsii's own leaves out the handler, tests, examples and tooling.
    const parserOptions = project.eslint?.config.parserOptions;
    delete parserOptions?.projectService;
    if (parserOptions) parserOptions.project = './tsconfig.dev.json';

    // Dependencies of the functions are bundled; examples, tests and tooling are not published.
    for (const pattern of [...lambdaFolders.map((folder) => `${folder}/**`), 'examples/**', 'assets/**']) project.eslint?.allowDevDeps(pattern);

    const forbid = (files: string[], ...patterns: Forbidden[]) =>
      project.eslint?.addOverride({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
    const noCdk = { regex: '^(aws-cdk-lib|constructs)', message: 'This runs in Lambda, without CDK.' };
    const onlyContract = 'What runs in Lambda shares only src/contract with the constructs, and src/runtime with its like.';

    forbid(['src/handler/*.ts', 'src/image-api/*.ts'], noCdk, { regex: '^\\.\\./(?!contract$|runtime/)', message: onlyContract });
    forbid(['src/handler/*/*.ts'], noCdk, { regex: '^\\.\\./\\.\\./(?!contract$|runtime/)', message: onlyContract });
    forbid(['src/runtime/*.ts'], noCdk, { regex: '^\\.\\./(?!contract$)', message: onlyContract });
    forbid(['src/*.ts', 'src/private/**/*.ts', 'src/triggers/**/*.ts'],
      { regex: '/(handler|image-api|runtime)(/|$)|^@aws-(sdk|lambda-powertools)|^sharp$', message: 'Constructs share only src/contract with what runs in Lambda.' });
    forbid(['src/contract/**/*.ts'], { regex: '^(?!\\./|node:)', message: 'The contract imports nothing from outside its folder but modules of Node.' });
  }
}
