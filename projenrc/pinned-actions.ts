import { readFileSync } from 'node:fs';
import { Component, IResolver, YamlFile } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** What an action is pinned to. Dependabot knows this form, and updates both the commit and the comment. */
const PIN = /uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/gm;

/** Every action of every workflow is the commit that `.github/pins/action.yml` names, with its version in a comment. */
export class PinnedActions extends Component {
  private readonly versions = new Map<string, string>();

  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    for (const [, action, commit, version] of readFileSync('.github/pins/action.yml', 'utf8').matchAll(PIN)) {
      project.github!.actions.set(action, `${action}@${commit}`);
      this.versions.set(`${action}@${commit}`, version);
    }
  }

  public preSynthesize(): void {
    const { github } = this.project as AwsCdkConstructLibrary;
    for (const { file } of github!.workflows) this.addComments(file as unknown as Writing);
  }

  /** A comment is nothing that the data of a YAML file can hold. */
  private addComments(file: Writing): void {
    const write = file.synthesizeContent.bind(file);
    file.synthesizeContent = (resolver) => write(resolver)?.replace(/uses: (\S+)$/gm, (line, action: string) => {
      const version = this.versions.get(action);
      if (!version) throw new Error(`${action} must have a line in .github/pins/action.yml`);
      return `${line} # ${version}`;
    });
  }
}

type Writing = YamlFile & { synthesizeContent(resolver: IResolver): string | undefined };
