import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileIn, helpers, Language, Place, run } from './language';

export const go: Language = {
  name: 'go',
  tools: [['no Go', 'go', 'version']],
  fetch: (constructs) => ['go', 'mod', 'download', `github.com/aws/constructs-go/constructs/v10@v${constructs}`],
  programs: [
    { stacks: ['QuickStart', 'ImportedBucket'] },
    { stacks: ['OwnTrigger', 'EveryClass'], command: 'go run ./twins' },
  ],
  install({ app, dist }: Place) {
    mkdirSync(join(app, 'twins'));
    copyFileSync(join(helpers, 'go', 'twins_app.go'), join(app, 'twins', 'main.go'));
    // Until it is published, the module is where it was built. Versions of CDK are the lowest that the example and the package ask for.
    const folder = join(dist, readdirSync(dist)[0]);
    const [, module] = /^module (\S+)/m.exec(run(folder, 'cat', ['go.mod']))!;
    run(app, 'go', ['mod', 'edit', `-replace=${module}=${folder}`]);
    run(app, 'go', ['mod', 'tidy']);
  },
  translated: (dist) => ({
    command: `cat ${fileIn(dist, 'README.md')}`, line: 'cdkimageresizepipeline.NewImageResizePipeline(this, jsii.String("Images"))',
  }),
  artifact: (dist) => ({ file: fileIn(dist, '.tgz') }),
};
