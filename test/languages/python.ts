import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileIn, helpers, Language, Place, run } from './language';

export const python: Language = {
  name: 'python',
  tools: [['no Python', 'python3', '--version'], ['no venv', 'python3', '-c', 'import venv, ensurepip']],
  fetch: (constructs) => ['python3', '-m', 'pip', 'download', '--quiet', '--no-deps', `constructs==${constructs}`],
  programs: [
    { stacks: ['QuickStart', 'ImportedBucket'], command: 'PATH="$PWD/.venv/bin:$PATH" python3 app.py' },
    { stacks: ['OwnTrigger', 'EveryClass'], command: '.venv/bin/python3 twins_app.py' },
  ],
  install({ app, dist, cdk, constructs }: Place) {
    copyFileSync(join(helpers, 'python', 'twins_app.py'), join(app, 'twins_app.py'));
    writeFileSync(join(app, 'constraints.txt'), `aws-cdk-lib==${cdk}\nconstructs==${constructs}\n`);
    run(app, 'python3', ['-m', 'venv', '.venv']);
    run(app, join('.venv', 'bin', 'python3'), ['-m', 'pip', 'install', '--quiet', '--find-links', dist, '-r', 'requirements.txt', '-c', 'constraints.txt']);
  },
  translated: (dist) => ({ command: `unzip -p ${fileIn(dist, '.whl')} cdk_image_resize_pipeline/__init__.py`, line: 'ImageProfile.of("half", scale=0.5, formats=[OutputFormat.original()])' }),
  artifact: (dist) => ({ archive: fileIn(dist, '.whl'), within: '.jsii.tgz' }),
};
