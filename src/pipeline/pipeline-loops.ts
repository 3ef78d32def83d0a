import { Construct, IConstruct } from 'constructs';
import type { SourceList } from './source-list';
import { describe, overlap } from '../support/key-spaces';

/**
 * Pipelines of one app may feed each other, but not in a circle: every image would be resized without end.
 *
 * @param sourcesOf the sources of a construct that is a pipeline
 * @returns what is wrong, for CDK's validation
 */
export function findLoop(start: Construct, sourcesOf: (node: IConstruct) => SourceList | undefined): string[] {
  const pipelines = start.node.root.node.findAll().filter((node) => sourcesOf(node) !== undefined);
  const feeds = (from: IConstruct, to: IConstruct) =>
    sourcesOf(from)!.outputs.find((output) => sourcesOf(to)!.inputs.some((input) => overlap(output, input)));

  const seen = new Set<IConstruct>();
  const reaches = (from: IConstruct): boolean => {
    if (seen.has(from)) return false;
    seen.add(from);
    return pipelines.some((next) => feeds(from, next) && (next === start || reaches(next)));
  };
  if (!reaches(start)) return [];
  const outputs = sourcesOf(start)!.outputs.map(describe).join(', ');
  return [`pipelines must not feed each other in a circle, but renditions ${outputs} come back to ${start.node.path} as images`];
}
