import { Component } from 'projen';
import { AwsCdkConstructLibrary } from 'projen/lib/awscdk';
import { GithubWorkflow } from 'projen/lib/github';
import { Job, JobPermission, JobPermissions, JobStep } from 'projen/lib/github/workflows-model';
import { checkout } from './build-workflow';

/** What publishes: its reviewers are asked once per release, and its rules say that only tags get here. */
const ENVIRONMENT = 'release';
const { READ, WRITE } = JobPermission;

/** The tag is the only place of the version. With RELEASE, projen leaves what is in package.json alone. */
const TAGGED = { CI: 'true', RELEASE: 'true' };
const VERSION: JobStep = { name: 'Version of the tag', run: 'npm version --no-git-tag-version --allow-same-version "${GITHUB_REF_NAME#v}"' };
const PACKAGES: JobStep = { name: 'Packages', uses: 'actions/download-artifact', with: { name: 'packages', path: 'dist' } };

const TO_NUGET = `
for package in dist/dotnet/*.nupkg; do
  dotnet nuget push "$package" --api-key "$KEY" --skip-duplicate \\
    --source "$(dotnet nuget list source --format short | awk '$1 == "E" { print $2; exit }')"
done`;

/** Central takes one archive of all files with their signatures. jsii has written the files and their checksums as a repository. */
const TO_MAVEN = `
gpg --batch --quiet --import <<< "$SIGNING_KEY"
cd dist/java
find . -name 'maven-metadata*' -delete
find . -type f ! -name '*.md5' ! -name '*.sha1' ! -name '*.sha256' ! -name '*.sha512' -print0 |
  xargs -0 -n 1 gpg --batch --quiet --armor --pinentry-mode loopback --passphrase "$SIGNING_PASSPHRASE" --detach-sign
zip --quiet --recurse-paths ../central.zip .
curl --silent --show-error --fail --retry 3 --header "Authorization: Bearer $(printf '%s:%s' "$CENTRAL_USER" "$CENTRAL_TOKEN" | base64 --wrap 0)" \\
  --form bundle=@../central.zip "$CENTRAL_UPLOAD_URL?publishingType=AUTOMATIC"`;

/** A Go module is a tag of a repository. One below the repository's root has its folder in the tag. */
const TO_GO = `
install -m 600 /dev/stdin "$RUNNER_TEMP/key" <<< "$DEPLOY_KEY"
export GIT_SSH_COMMAND="ssh -i $RUNNER_TEMP/key -o StrictHostKeyChecking=accept-new"
git clone --quiet "$MODULE_REPOSITORY" module
module=$(basename "$(dirname dist/go/*/go.mod)")
rm -rf "module/$module"
cp -r "dist/go/$module" module/
cd module
git add --all
git -c user.name="github-actions[bot]" -c user.email="41898282+github-actions[bot]@users.noreply.github.com" commit --quiet --message "release: $GITHUB_REF_NAME"
git tag "$module/$GITHUB_REF_NAME"
git push --quiet --atomic origin HEAD:main "$module/$GITHUB_REF_NAME"`;

/**
 * From a pushed version tag: built once, and what was built is tested, attested and published. Only jobs that run no code but
 * the clients of the registries may publish; tokens live as long as a job, where the registry can do that.
 */
export class ReleaseWorkflow extends Component {
  constructor(project: AwsCdkConstructLibrary) {
    super(project);
    project.setScript('release:prepare', 'tsx release/prepare-cli.ts');
    project.compileTask.exec('tsx release/published-readme-cli.ts');
    project.eslint?.addLintPattern('release');
    project.eslint?.allowDevDeps('release/**/*.ts');
    project.npmignore?.addPatterns('/release/');

    const workflow = new GithubWorkflow(project.github!, 'release', { limitConcurrency: true });
    workflow.on({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
    workflow.addJobs({
      build: job([], { contents: READ }, [
        ...checkout('24'), { name: 'Install', run: 'npm ci' }, VERSION,
        { name: 'Build and test', run: 'npm run build' },
        { name: 'Breaking changes are in the changelog', run: 'npm run check:api' },
        { name: 'Look for advisories', run: 'npm run audit:payload' },
        { name: 'Package every language', run: 'npx projen package-all' },
        { name: 'Notes, SBOM and checksums', run: 'npm run release:prepare' },
        { name: 'Keep the packages', uses: 'actions/upload-artifact', with: { 'name': 'packages', 'path': 'dist', 'if-no-files-found': 'error', 'retention-days': 30 } },
      ], TAGGED),
      test: job(['build'], { contents: READ }, [
        ...checkout('24'), { name: 'Install', run: 'npm ci' }, VERSION, PACKAGES,
        { name: 'Compile what is compared', run: 'npx projen pre-compile && npx projen compile' },
        { name: 'The npm package in empty apps', run: 'npx jest --ci test/package' },
        { name: 'The npm package with the floor and the newest of CDK', run: 'npm run check:cdk-versions' },
        { name: 'The packages of the other languages in their apps', run: 'npm run check:languages' },
      ], { PACKAGES: 'dist', ...TAGGED }),
      attest: job(['test'], { contents: READ, idToken: WRITE, attestations: WRITE }, [
        PACKAGES,
        { name: 'Where the packages come from', uses: 'actions/attest', with: { 'subject-checksums': 'dist/release/SHA256SUMS' } },
        { name: 'What is in them', uses: 'actions/attest', with: { 'subject-checksums': 'dist/release/SHA256SUMS', 'sbom-path': 'dist/release/sbom.cdx.json' } },
      ]),
      npm: publish({ contents: READ, idToken: WRITE }, [
        { name: 'Set up Node.js', uses: 'actions/setup-node', with: { 'node-version': '24', 'package-manager-cache': false } },
        PACKAGES,
        { name: 'Publish', run: 'npm publish --provenance --access public dist/js/*.tgz' },
      ]),
      pypi: publish({ contents: READ, idToken: WRITE }, [
        PACKAGES, { name: 'Publish', uses: 'pypa/gh-action-pypi-publish', with: { 'packages-dir': 'dist/python', 'attestations': true } },
      ]),
      nuget: publish({ contents: READ, idToken: WRITE }, [
        PACKAGES,
        { name: 'Key for this job', id: 'login', uses: 'NuGet/login', with: { user: '${{ vars.NUGET_USER }}' } },
        { name: 'Publish', env: { KEY: '${{ steps.login.outputs.NUGET_API_KEY }}' }, run: script(TO_NUGET) },
      ]),
      maven: publish({ contents: READ }, [
        PACKAGES,
        {
          name: 'Sign and publish',
          // Central knows no trusted publishing.
          env: {
            SIGNING_KEY: '${{ secrets.MAVEN_SIGNING_KEY }}',
            SIGNING_PASSPHRASE: '${{ secrets.MAVEN_SIGNING_PASSPHRASE }}',
            CENTRAL_USER: '${{ secrets.MAVEN_CENTRAL_USER }}',
            CENTRAL_TOKEN: '${{ secrets.MAVEN_CENTRAL_TOKEN }}',
            CENTRAL_UPLOAD_URL: '${{ vars.MAVEN_CENTRAL_UPLOAD_URL }}',
          },
          run: script(TO_MAVEN),
        },
      ]),
      go: publish({ contents: READ }, [
        PACKAGES,
        {
          name: 'Push the module and its tag',
          // The token of a workflow reaches no other repository; a deploy key reaches one.
          env: { DEPLOY_KEY: '${{ secrets.GO_DEPLOY_KEY }}', MODULE_REPOSITORY: '${{ vars.GO_MODULE_REPOSITORY }}' },
          run: script(TO_GO),
        },
      ]),
      github: job(['npm', 'pypi', 'nuget', 'maven', 'go'], { contents: WRITE }, [
        PACKAGES,
        {
          name: 'Release with notes, packages, checksums and SBOM',
          env: { GH_TOKEN: '${{ github.token }}', GH_REPO: '${{ github.repository }}' },
          run: 'gh release create "$GITHUB_REF_NAME" --verify-tag --title "$GITHUB_REF_NAME" --notes-file dist/release/NOTES.md dist/release/SHA256SUMS dist/release/sbom.cdx.json dist/js/*.tgz dist/python/*.whl',
        },
      ]),
    });
  }
}

function job(needs: string[], permissions: JobPermissions, steps: JobStep[], env?: Record<string, string>): Job {
  return { ...needs.length > 0 ? { needs } : {}, runsOn: ['ubuntu-latest'], timeoutMinutes: 90, permissions, env, steps };
}

function publish(permissions: JobPermissions, steps: JobStep[]): Job {
  return { ...job(['attest'], permissions, steps), timeoutMinutes: 30, environment: ENVIRONMENT };
}

function script(lines: string): string {
  return `set -euo pipefail\n${lines.trim()}`;
}
