/** A link or picture of Markdown or HTML that is no address yet, nor a place of the same page. */
const RELATIVE = /(\]\(|(?:src|srcset|href)=")(?!https?:|mailto:|#)([^)"\s]+)/g;
const PICTURE = /\.(png|webp|svg|gif|jpe?g)$/;

/**
 * The README as packages and their pages have it: in a registry, or in documentation that is made from the assembly, a link relative to
 * the repository leads nowhere.
 *
 * @param repository address of the repository
 * @param version of the package; links lead to its tag, and to `main` where it is not released
 */
export function publishedReadme(markdown: string, repository: string, version: string): string {
  const ref = version === '0.0.0' ? 'main' : `v${version}`;
  return markdown.replace(RELATIVE, (_, before: string, path: string) => `${before}${repository}/${PICTURE.test(path) ? 'raw' : 'blob'}/${ref}/${path}`);
}
