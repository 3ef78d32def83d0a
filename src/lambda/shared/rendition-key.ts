import { Source } from './sources';
import { expandOutputKey, OutputKeyValues, splitKey } from '../../contract';

/** What of a rendition its key can name, beside the key of its original. */
export type RenditionKeyValues = Omit<OutputKeyValues, keyof ReturnType<typeof splitKey>>;

/** The key of a rendition of the original `key`, by the template of the pipeline and the prefix of the source. */
export function renditionKey(template: string, { outputPrefix }: Pick<Source, 'outputPrefix'>, key: string, values: RenditionKeyValues): string {
  return outputPrefix + expandOutputKey(template, { ...splitKey(key), ...values });
}
