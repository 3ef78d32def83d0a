import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** The examples, and `npm run demo`: the main job on this machine, on embedded services. */
export class LocalRun extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // A script and no task, which would turn every failure into exit status 1.
    project.setScript('demo', 'tsx local-runner/demo/cli.ts');

    // What the galleries' page is served as; committed, so that who copies the example needs no build.
    project.setScript('build:web', 'tsx examples/web-build/build.ts');
    project.setScript('draw:pictures', 'tsx test/examples/browser/draw-pictures.ts');
    project.setScript('measure:page', 'tsx test/examples/browser/measure-page.ts');
    project.npmignore?.addPatterns('/docs/pictures/');
    // Its types are those of a page, and have a check of their own.
    project.tsconfigDev.addExclude('examples/web');
    project.eslint?.addIgnorePattern('examples/web/');
    project.gitattributes.addAttributes('/examples/web/page.js', 'linguist-generated');
    project.gitattributes.addAttributes('/examples/web/vendor/*', 'linguist-vendored');

    // Examples import the package by its name, as their copies do.
    project.tsconfigDev.file.addOverride('compilerOptions.paths', { [project.name]: ['./src'] });
    project.jest?.addModuleNameMappers({ [`^${project.name}$`]: '<rootDir>/src' });
    project.eslint?.addRules({ 'import/no-unresolved': ['error', { ignore: [`^${project.name}$`] }] });
    project.eslint?.addLintPattern('examples');
    project.eslint?.addLintPattern('local-runner');
  }
}
