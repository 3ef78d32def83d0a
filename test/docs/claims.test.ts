import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLAIMS, NO_CLAIMS } from './claims';
import { packageRoot } from '../../assets/build/layout';

/** Chapters of names, links, plans, and words on others; and that of symptoms, whose remedies have links. */
const OTHER_CHAPTERS = ['Install', 'Troubleshooting', 'How it compares', 'Roadmap', 'More'];
const LINK = /\]\((?:docs\/|examples\/|local-runner\/|API\.md|SECURITY\.md)/;

const prose = readFileSync(join(packageRoot, 'README.md'), 'utf8')
  .split(/^## /m)
  .filter((chapter) => !OTHER_CHAPTERS.includes(chapter.split('\n')[0]))
  .map((chapter) => chapter.replace(/^.*\n/, '').replace(/^```.*?^```$/gms, '').replace(/^<[^]*?>$/gm, '').replace(/^ +<.*$/gm, ''))
  .join('\n\n');

/** Sentences and cells of tables, each in one line. */
const sentences = prose
  .split(/\n{2,}|\n(?=[-|] )/)
  .map((block) => block.replace(/\s+/g, ' ').trim())
  .filter((block) => block !== '' && !/^(#|\| (---|request|construct|trigger|`outputKey`)|\[!\[)/.test(block))
  .flatMap((block) => block.split(/(?<=[.?!]\**)\s+(?=[A-Z`*])/))
  .filter((sentence) => !/^\*\*[^*]+\?\*\*$/.test(sentence));

const flat = prose.replace(/\s+/g, ' ');

test('the README is read by sentences', () => {
  expect(sentences.length).toBeGreaterThan(90);
});

test('a sentence of the README that claims something has a test, or a link to what says more', () => {
  const known = [...CLAIMS.map(([part]) => part), ...NO_CLAIMS];
  const shown = (sentence: string) => LINK.test(sentence) || known.some((part) => sentence.includes(part));
  // If this fails: name the test in test/docs/claims.ts, or write it, or claim less.
  expect(sentences.filter((sentence) => !shown(sentence))).toEqual([]);
});

test('what test/docs/claims.ts lists is in the README still', () => {
  expect([...CLAIMS.map(([part]) => part), ...NO_CLAIMS].filter((part) => !flat.includes(part))).toEqual([]);
});

test('every test that shows a claim is there', () => {
  const isThere = (file: string, name: string) => {
    const path = join(packageRoot, 'test', file);
    return name !== '' && existsSync(path) && readFileSync(path, 'utf8').includes(name);
  };
  expect(CLAIMS.filter(([, file, name]) => !isThere(file, name)).map(([part, file, name]) => `${part}: ${file}, ${name}`)).toEqual([]);
});
