import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** What jsii makes packages for beside npm. */
const LANGUAGES = ['python', 'java', 'dotnet', 'go'];

/** Packages in other languages: their examples are translated, and one that is not fails the build of the package. */
export class Languages extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // A name that some language reserves is a warning, which projen silences.
    project.compileTask.reset('jsii --fail-on-warnings');
    for (const language of LANGUAGES) {
      // The translations are not part of the npm package, from which the jobs of the workflow begin.
      project.tasks.tryFind(`package:${language}`)!.reset('jsii-rosetta extract --strict');
      project.tasks.tryFind(`package:${language}`)!.exec(`jsii-pacmak -v --target ${language} --rosetta-unknown-snippets fail`);
    }
    // A script and no task, which would turn every failure into exit status 1.
    project.setScript('check:languages', 'tsx --tsconfig tsconfig.dev.json test/languages/cli.ts');
  }
}
