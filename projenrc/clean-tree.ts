import { Component, TextFile } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** What is committed, what is packed, and how npm writes its lock files. */
export class CleanTree extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);

    // Lock files keep versions and integrity hashes, but no registry host.
    new TextFile(project, '.npmrc', { lines: ['omit-lockfile-registry-resolved=true', 'fund=false', 'audit=false'] });

    // The native bindings of 1.13.0 are not all published, which `npm ci` refuses.
    project.package.addPackageResolutions('unrs-resolver@1.11.1');

    project.gitignore.addPatterns('cdk.out/', '.demo/', '*.tsbuildinfo', '.jsii.tabl.json', '.venv/', '__pycache__/', '/examples/java/target/');
    project.npmignore?.addPatterns(
      '/.ci/', '/.npmrc', '/.projenrc.ts', '/projenrc/', '/examples/', '/local-runner/', '/CONTRIBUTING.md', '/CODE_OF_CONDUCT.md', '/SECURITY.md',
      '/rosetta/', '.jsii.tabl.json', '*.tgz', '/cdk.out/', '/.demo/', '*.tsbuildinfo',
    );
    // The examples of README and docstrings must compile; rosetta/ holds what stands around them.
    project.postCompileTask.exec('jsii-rosetta extract --strict');

    // The drawings of docs/architecture.md, which the build keeps true like API.md.
    project.setScript('draw:imports', 'tsx test/architecture/cli.ts');
    project.tasks.tryFind('docgen')!.exec('tsx test/architecture/cli.ts');

    // The stock task packages every language, which needs their toolchains; npm is what a bare machine can do.
    project.packageTask.reset();
    project.packageTask.spawn(project.tasks.tryFind('package:js')!);
  }
}
