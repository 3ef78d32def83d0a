import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTATIONS } from './list';
import { mutate } from './run';

const IMAGE_PATH = join(__dirname, '..', '..', '..', 'src', 'lambda', 'resize', 'image');

test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))('the mutation finds its text: %s', (_, mutation) => {
  const source = readFileSync(join(IMAGE_PATH, mutation.file), 'utf8');
  expect(mutate(source, mutation)).not.toBe(source);
});
