/** What the line of a change begins with after which somebody's app or table may need work. */
const BREAKING = '- **Breaking:**';

/** The lines below a version's heading. */
export function changesOf(changelog: string, version: string): string {
  const [, ...chapters] = changelog.split(/^## /m);
  const chapter = chapters.find((text) => headingOf(text) === version);
  if (chapter === undefined) throw new Error(`CHANGELOG.md must have the heading ${JSON.stringify(`## ${version}`)}, has ${JSON.stringify(chapters.map(headingOf))}`);
  const changes = chapter.split('\n').slice(1).join('\n').trim();
  if (changes === '') throw new Error(`CHANGELOG.md must say what changed in ${version}`);
  return changes;
}

/** Versions of the changelog, newest first; what is not released is `Unreleased`. */
export function versionsOf(changelog: string): string[] {
  return changelog.split(/^## /m).slice(1).map(headingOf);
}

export function namesBreakingChanges(changes: string): boolean {
  return changes.split('\n').some((line) => line.startsWith(BREAKING));
}

/** A heading is `1.2.3 (2027-01-31)`, or `Unreleased`. */
function headingOf(chapter: string): string {
  return chapter.split('\n')[0].split(' ')[0];
}
