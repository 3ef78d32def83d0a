import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** Builds the Lambda code that the package ships: the bundled handler plus sharp for both architectures. */
export class HandlerPayload extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    const task = project.addTask('build:handler', {
      description: 'Bundles the handler and assembles its native payload for linux-arm64 and linux-x64',
      exec: 'tsx assets/build.ts',
    });
    project.preCompileTask.spawn(task);
    project.gitignore.addPatterns('/assets/resize-handler/linux-arm64/', '/assets/resize-handler/linux-x64/');
    // The payload brings its own node_modules; npm packs them only where they are named.
    project.npmignore?.addPatterns(
      '/assets/*', '!/assets/resize-handler/',
      '/assets/resize-handler/*', '!/assets/resize-handler/linux-arm64/', '!/assets/resize-handler/linux-x64/',
    );
  }
}
