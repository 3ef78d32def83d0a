import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedReadme } from './published-readme';
import { packageRoot } from '../assets/build/layout';

/** Part of compiling: the README in the assembly, from which the packages of all languages get theirs. */
const file = join(packageRoot, '.jsii');
const assembly = JSON.parse(readFileSync(file, 'utf8'));
assembly.readme.markdown = publishedReadme(assembly.readme.markdown, assembly.repository.url.replace(/\.git$/, ''), assembly.version);
writeFileSync(file, JSON.stringify(assembly, undefined, 2));
