import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { defineConfig } from 'vitepress';

const REPOSITORY = 'https://github.com/cdk-image-resize-pipeline/cdk-image-resize-pipeline';
const root = join(import.meta.dirname, '..', '..');

/** The pages are the documents of the repository, where they stand; each has a place in the menu. */
const GUIDES = {
  'Use it': {
    'Adjustments and crops': 'docs/adjustments.md', 'Records': 'docs/records.md',
    'Events': 'docs/events.md', 'Backfill': 'docs/backfill.md', 'Hooks': 'docs/hooks.md', 'Choosing formats': 'docs/choosing-formats.md', 'Limits': 'docs/limits.md',
    'Examples': 'examples/README.md', 'API': 'API.md',
  },
  'Run it': {
    'Operating': 'docs/operations.md', 'Changing a live pipeline': 'docs/changing-a-live-pipeline.md', 'Versions and upgrades': 'docs/upgrading.md',
    'Warnings of cdk synth': 'docs/warnings.md', 'Permissions': 'docs/permissions.md', 'Performance': 'docs/performance.md', 'Scale and cost': 'docs/scale.md',
  },
  'Understand it': { 'Promises': 'docs/promises.md', 'Architecture': 'docs/architecture.md' },
  'The project': { 'Changelog': 'CHANGELOG.md', 'Security': 'SECURITY.md', 'Contributing': 'CONTRIBUTING.md', 'Code of conduct': 'CODE_OF_CONDUCT.md' },
};
const pages = ['README.md', ...Object.values(GUIDES).flatMap((guides) => Object.values(guides))];
const isPage = (file: string) => existsSync(join(root, file)) && (pages.includes(file) || /^docs\/adr\/.+\.md$/.test(file) || /^examples\/[\w-]+\/README\.md$/.test(file));

const missing = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && !pages.includes(`docs/${name}`));
if (missing.length > 0) throw new Error(`the menu of the site must name ${missing.join(', ')} of docs/`);

/** Where a document is on the site. */
const address = (file: string) => `/${file.replace(/^docs\//, '').replace(/\.md$/, '')}`.replace(/^\/README$/, '/');

/** A link of a document, as the site has it: pages are pages, everything else is a file of the repository. */
function target(href: string, page: string): string {
  if (/^(https?:|mailto:|#)/.test(href)) return href;
  const [path, anchor] = href.split('#');
  const file = normalize(join(dirname(page), path)).replace(/\/$/, '');
  const found = [file, join(file, 'README.md')].find(isPage);
  if (!existsSync(join(root, found ?? file))) throw new Error(`${page} must not link to ${href}, which is not there`);
  return `${found ? address(found) : `${REPOSITORY}/blob/main/${file}`}${anchor ? `#${anchor}` : ''}`;
}

export default defineConfig({
  title: 'cdk-image-resize-pipeline',
  description: 'Image resizing on AWS as one CDK construct: S3 in, renditions and a queryable status record out.',
  lang: 'en',
  base: '/cdk-image-resize-pipeline/',
  cleanUrls: true,
  srcDir: '..',
  srcExclude: ['**/node_modules/**', 'test/**', 'assets/**', 'local-runner/**', '.github/**', 'THIRD-PARTY-LICENSES.md', 'dist/**', 'lib/**', 'cdk.out/**', '.demo/**'],
  rewrites: { 'README.md': 'index.md', 'docs/:page': ':page', 'docs/adr/:page': 'adr/:page' },
  outDir: 'dist',
  ignoreDeadLinks: false,
  markdown: {
    // Braces are types in API.md.
    attrs: { disable: true },
    // As GitHub makes anchors, for which the links are written.
    anchor: { slugify: (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-') },
    config(md) {
      md.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
        for (const token of tokens) {
          for (const child of token.children ?? []) {
            if (child.type === 'link_open') child.attrSet('href', target(child.attrGet('href')!, relative(root, env.realPath ?? env.path)));
          }
          // Pictures that a document writes in HTML.
          if (token.type === 'html_block') token.content = token.content.replace(/(src|srcset)="(?!https?:|\.)/g, '$1="./');
        }
      });
      // Headings of API.md bring ids of their own, in an element that no heading's link can hold.
      md.core.ruler.after('inline', 'ids-of-headings', ({ tokens }) => {
        for (const [at, token] of tokens.entries()) {
          const own = token.type === 'heading_open' ? tokens[at + 1].children?.find(({ type, content }) => type === 'html_inline' && content.startsWith('<a name=')) : undefined;
          if (!own) continue;
          const [, id] = /id="([^"]*)"/.exec(own.content)!;
          // Others, such as that of "Methods", come again with each class.
          if (id.includes('.')) token.attrSet('id', id);
          tokens[at + 1].children = tokens[at + 1].children!.filter(({ type, content }) => type !== 'html_inline' || !/^<(a name=|\/a>)/.test(content));
        }
      });
      const fence = md.renderer.rules.fence!;
      md.renderer.rules.fence = (tokens, index, ...rest) => tokens[index].info.trim() === 'mermaid'
        ? `<MermaidDrawing code="${encodeURIComponent(tokens[index].content)}" />`
        : fence(tokens, index, ...rest);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      { text: 'Start', link: '/' },
      ...Object.entries(GUIDES).map(([text, guides]) => ({
        text, items: Object.entries(guides).map(([name, file]) => ({ text: name, link: address(file) })),
      })),
    ],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path` },
  },
});
