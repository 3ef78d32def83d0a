import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileIn, helpers, Language, Place, run } from './language';
import { packageRoot } from '../../assets/build/layout';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
/** Neither that of the sources nor that of the documentation. */
const JAR = `${version}.jar`;
const SOURCES = join('src', 'main', 'java', 'com', 'example', 'images');

export const java: Language = {
  name: 'java',
  tools: [['no JDK', 'javac', '-version'], ['no Maven', 'mvn', '--version']],
  fetch: (constructs) => ['mvn', '--batch-mode', '--quiet', 'dependency:get', `-Dartifact=software.constructs:constructs:${constructs}`, '-Dtransitive=false'],
  programs: [
    { stacks: ['QuickStart', 'ImportedBucket'] },
    { stacks: ['OwnTrigger', 'EveryClass'], command: 'mvn --quiet --errors compile exec:java -Dexec.mainClass=com.example.images.TwinsApp' },
  ],
  install({ app, dist, cache, cdk, constructs }: Place) {
    copyFileSync(join(helpers, 'java', 'TwinsApp.java'), join(app, SOURCES, 'TwinsApp.java'));
    mkdirSync(join(app, '.mvn'), { recursive: true });
    // A repository of its own, so that an unpublished package is left in nobody else's.
    const options = ['--batch-mode', `-Dmaven.repo.local=${join(cache, 'maven')}`, `-Dcdk.version=${cdk}`, `-Dconstructs.version=${constructs}`, `-Dpipeline.version=${version}`];
    writeFileSync(join(app, '.mvn', 'maven.config'), `${options.join('\n')}\n`);
    const install = ['--quiet', 'install:install-file', `-Dfile=${fileIn(dist, JAR)}`, `-DpomFile=${fileIn(dist, '.pom')}`];
    run(app, 'mvn', install);
  },
  translated: (dist) => ({
    command: `unzip -p ${fileIn(dist, '-sources.jar')} '*/ImageResizePipeline.java'`, line: 'ImageResizePipeline images = ImageResizePipeline.Builder.create(this, "Images")',
  }),
  artifact: (dist) => ({ archive: fileIn(dist, JAR), within: '.jsii.tgz' }),
};
