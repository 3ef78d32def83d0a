import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** `npm run docs:site`: the documents of the repository as a site with a search, which is built where its links are right. */
export class DocumentationSite extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    // Scripts and no tasks, which would turn every failure into exit status 1.
    project.setScript('docs:site', 'vitepress build site');
    project.setScript('docs:preview', 'vitepress preview site');
    project.setScript('docs:dev', 'vitepress dev site');
    project.gitignore.addPatterns('/site/dist/', '/site/.vitepress/cache/', '/site/.vitepress/.temp/');
    project.npmignore?.addPatterns('/site/');
  }
}
