import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';
import { architectures, codeFolders, payloadLayout } from '../assets/build/layout';

const layout = payloadLayout('/');
const folders = architectures.map((architecture) => `${layout.folder(architecture)}/`);
/** Code without native parts: one folder of each for all architectures. */
const plain = [`${layout.imageApi}/`, `${layout.imageBackfill}/`];
const { sbom, licences } = layout;

/** Builds the Lambda code that the package ships: the bundled handler plus sharp for both architectures, the upload API, and backfills. */
export class HandlerPayload extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    const task = project.addTask('build:handler', {
      description: 'Bundles what runs in Lambda, and assembles the native payload of the handler for linux-arm64 and linux-x64',
      exec: 'tsx assets/build.ts',
    });
    project.preCompileTask.spawn(task);
    project.gitignore.addPatterns(...folders, ...plain, '/assets/resize-handler/.build-*/', sbom, licences);
    project.npmignore?.addPatterns(
      '/assets/*', '!/assets/resize-handler/', ...plain.map((folder) => `!${folder}`),
      '/assets/resize-handler/*', `!${sbom}`, ...folders.map((folder) => `!${folder}`),
      // Other rules have no leading slash: `dist` would take sharp's code out of the payload.
      ...folders.map((folder) => `!${folder}**`),
    );

    // A script and no task, which would turn every failure into exit status 1.
    project.setScript('audit:payload', 'tsx assets/audit.ts');

    // `npm pack` by hand, without a build before it.
    const entries = codeFolders(payloadLayout('')).map((folder) => `'${folder}/index.mjs'`).join(', ');
    project.setScript('prepack', `node -e "for (const file of [${entries}]) if (!fs.existsSync(file)) throw new Error('run npm run build before packing: ' + file + ' is missing')"`);

    project.eslint?.addLintPattern('assets');
    // What builds the package never reaches its users.
    project.eslint?.allowDevDeps('assets/**/*.ts');
  }
}
