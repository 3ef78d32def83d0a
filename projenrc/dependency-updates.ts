import { Component, YamlFile } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';

/** Days that a version must have been public: most of those that do harm are found and withdrawn sooner. */
const COOL_DOWN = { 'default-days': 7, 'semver-major-days': 14 };
const WEEKLY = { interval: 'weekly' };

/** Updates of what is built with. Security updates know no cool-down. */
export class DependencyUpdates extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    new YamlFile(project, '.github/dependabot.yml', {
      obj: {
        version: 2,
        updates: [
          {
            'package-ecosystem': 'npm',
            'directory': '/',
            'schedule': WEEKLY,
            'cooldown': COOL_DOWN,
            'versioning-strategy': 'lockfile-only',
            'groups': { development: { patterns: ['*'] } },
            // The payload has a recipe of its own, with hashes; the peers have a floor.
            'ignore': ['sharp', 'libheif-js', 'aws-cdk-lib', 'constructs'].map((name) => ({ 'dependency-name': name })),
          },
          {
            'package-ecosystem': 'github-actions',
            // Together, so that what projen writes from the pins is what is in the pull request.
            'directories': ['/', '/.github/pins'],
            'schedule': WEEKLY,
            'cooldown': { 'default-days': 7 },
            'groups': { actions: { patterns: ['*'] } },
          },
        ],
      },
    });
  }
}
