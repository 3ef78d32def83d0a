/** Loads one module in a process that has loaded nothing else. */
import { pathToFileURL } from 'node:url';
import { timed } from './measure';

const [, , module] = process.argv;
void timed(1, async () => Object.keys(await import(pathToFileURL(module).href)).length).then((measurement) => {
  process.send!(measurement);
  process.disconnect();
});
