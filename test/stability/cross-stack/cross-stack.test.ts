import { readFileSync } from 'fs';
import { join } from 'path';
import { Change, CHANGES, removeFiles, Way, WAYS, writeFiles } from './changes';
import { Deployment, missingExports, refusedExports } from './deployment';
import { deploymentOf } from './stacks';
import { documentedProps } from '../documented-props';

const STRUCTS = [
  'ImageResizePipelineProps', 'ImageEventsOptions', 'CatalogOptions', 'ProcessingOptions', 'ResizeFunctionOptions', 'ImageSourceOptions', 'FormerOutput',
  'QueueTriggerOptions', 'S3NotificationsTriggerOptions', 'StepFunctionsTriggerOptions',
];
/** Whose own props are changed. */
const OF_STRUCTS = ['ImageResizePipelineProps.catalog', 'ImageResizePipelineProps.processing', 'ImageResizePipelineProps.resizeFunction'];

beforeAll(writeFiles);
afterAll(removeFiles);

/** Synthesises each configuration once. */
const deployed = new Map<Change[0], Deployment>();
function deployment(props: Change[0]): Deployment {
  const found = deployed.get(props) ?? deploymentOf(props);
  deployed.set(props, found);
  return found;
}

/** What is wrong with a change of a pipeline while others work with it in stacks of their own. */
function problemsOf(before: Deployment, after: Deployment, way: Way | undefined): string[] {
  const refused = refusedExports(before, after);
  const changed = refused.filter((each) => each.endsWith('changes'));
  switch (way) {
    case undefined: return refused;
    case 'others first': return refused.length > 0 ? missingExports(after, before).map((name) => `the others cannot be first: ${name} is not there yet`) : ['nothing is in its way'];
    case 'keep exports': return refused.length > 0 ? changed : ['nothing is in its way'];
    case 'never': return changed.length > 0 ? [] : ['the exports could be kept'];
  }
}

describe.each(Object.keys(CHANGES))('%s', (name) => {
  const [from, to] = CHANGES[name];
  const { change, back } = WAYS[name] ?? {};

  test('can be changed while other stacks work with the pipeline', () => expect(problemsOf(deployment(from), deployment(to), change)).toEqual([]));
  test('can be changed back', () => expect(problemsOf(deployment(to), deployment(from), back)).toEqual([]));
});

test('every prop of a pipeline is changed', () => {
  const changed = new Set([...OF_STRUCTS, ...Object.keys(CHANGES).map((name) => name.split(',')[0])]);
  expect(documentedProps().filter((prop) => STRUCTS.includes(prop.split('.')[0]) && !changed.has(prop))).toEqual([]);
});

test('docs/changing-a-live-pipeline.md names the props that are in the way of other stacks', () => {
  const page = readFileSync(join(__dirname, '../../../docs/changing-a-live-pipeline.md'), 'utf8');
  const section = page.split(/^## /m).find((each) => each.startsWith('When other stacks work with the pipeline'))!;
  const props = Object.keys(WAYS).map((name) => /\.(\w+)/.exec(name)?.[1] ?? 'addSource');
  expect(props.filter((prop) => !section.includes(`\`${prop}\``))).toEqual([]);
});
