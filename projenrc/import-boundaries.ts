import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** What is bundled and never compiled by jsii. */
const lambdaFolder = 'src/lambda';

/** The rooms of the constructs, in the order in which they build on each other: each imports only those before it. */
const rooms = ['support', 'profiles', 'triggers', 'pipeline', 'uploads', 'delivery', 'operations'];

interface Forbidden {
  readonly regex: string;
  readonly message: string;
}

/**
 * The constructs and what runs in Lambda share `src/contract` and nothing else: a function must not load CDK, and the
 * constructs must not load a function's dependencies. The functions share `src/lambda/shared`, and know nothing of each
 * other. The rooms of the constructs have an order, so that no circle can arise.
 */
export class ImportBoundaries extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    project.tsconfig?.addExclude(lambdaFolder);
    project.tsconfigDev.addInclude('.projenrc.ts');

    // One project for all that is linted: jsii's own leaves out the handler, tests, examples and tooling.
    const parserOptions = project.eslint?.config.parserOptions;
    delete parserOptions?.projectService;
    if (parserOptions) parserOptions.project = './tsconfig.dev.json';

    // Dependencies of the functions are bundled; examples, tests and tooling are not published.
    for (const pattern of [`${lambdaFolder}/**`, 'examples/**', 'local-runner/**', 'assets/**']) project.eslint?.allowDevDeps(pattern);

    const forbid = (files: string[], ...patterns: Forbidden[]) =>
      project.eslint?.addOverride({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
    const noCdk = { regex: '^(aws-cdk-lib|constructs)', message: 'This runs in Lambda, without CDK.' };
    const notLambda = {
      regex: '/lambda(/|$)|^@aws-(sdk|lambda-powertools)|^sharp$', message: 'Constructs share only src/contract with what runs in Lambda.',
    };
    const notIndex = { regex: '^\\.\\.(/index)?$', message: 'Rooms do not import the index, which imports them.' };
    const onlyContract = 'What runs in Lambda shares only src/contract with the constructs, and src/lambda/shared with its like.';

    const notSharp = { regex: '^sharp$', message: 'Only src/lambda/resize/image/sharp.ts imports sharp: it sets what sharp may load first.' };
    for (const [depth, folders] of ['*', '*/*', '*/*/*'].entries()) {
      const shared = { regex: `^(\\.\\./){${depth + 1}}(?!\\.\\./contract$|shared/)`, message: onlyContract };
      forbid([`${lambdaFolder}/${folders}/*.ts`], noCdk, notSharp, shared);
      if (depth === 1) forbid([`${lambdaFolder}/resize/image/sharp.ts`], noCdk, shared);
    }
    rooms.forEach((room, at) => {
      const later = rooms.slice(at + 1).join('|');
      forbid([`src/${room}/*.ts`], notLambda, notIndex, ...later ? [{ regex: `^\\.\\./(${later})/`, message: `src/${room} knows nothing of the rooms that build on it.` }] : []);
    });
    forbid(['src/contract/**/*.ts'], { regex: '^(?!\\./|node:)', message: 'The contract imports nothing from outside its folder but modules of Node.' });
  }
}
