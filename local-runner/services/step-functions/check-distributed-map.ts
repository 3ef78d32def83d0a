import { operationOf, PARSERS, ReaderConfig } from './item-reader';
import type { State } from './states';

const PARAMETERS = { listObjectsV2: ['Bucket', 'Prefix'], getObject: ['Bucket', 'Key'] } as const;
const CONFIG = ['InputType', 'MaxItems', 'CSVHeaderLocation', 'CSVHeaders'];
const BATCHER = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch', 'BatchInput'];

/** @throws Error that names what the runner does not understand */
export function requireKnownDistributedMap(state: State, at: string): void {
  if (state.ItemReader) requireKnownReader(state.ItemReader as State, at);
  const field = Object.keys(state.ItemBatcher ?? {}).find((name) => !BATCHER.includes(name));
  if (field !== undefined) throw new Error(`${at}: ItemBatcher has ${field}, which the local runner does not know`);
  const { WriterConfig = { Transformation: 'NONE', OutputType: 'JSON' }, Resource, Parameters } = (state.ResultWriter ?? {}) as Partial<Record<string, object>>;
  if (state.ResultWriter && (!/:states:::s3:putObject$/.test(String(Resource)) || !Parameters)) {
    throw new Error(`${at}: ResultWriter must put objects into a bucket`);
  }
  const { Transformation, OutputType } = WriterConfig as Record<string, string>;
  if (state.ResultWriter && (Transformation !== 'NONE' || OutputType !== 'JSONL')) {
    throw new Error(
      `${at}: ResultWriter must write JSONL without transformation, received ${JSON.stringify(WriterConfig)}: the local runner writes nothing else`,
    );
  }
}

function requireKnownReader(reader: State, at: string): void {
  const { Resource, Parameters = {}, ReaderConfig: config = {} } = reader as unknown as Partial<Record<string, object>>;
  const operation = operationOf(Resource);
  const known = PARAMETERS[operation as keyof typeof PARAMETERS] as readonly string[] | undefined;
  if (!known) throw new Error(`${at}: ItemReader must list objects or get one, received ${JSON.stringify(Resource)}`);
  const parameter = Object.keys(Parameters).find((name) => !known.includes(name.replace(/\.\$$/, '')));
  if (parameter !== undefined) throw new Error(`${at}: ItemReader has parameter ${parameter}, which the local runner does not know`);
  const field = Object.keys(config).find((name) => !CONFIG.includes(name));
  if (field !== undefined) throw new Error(`${at}: ReaderConfig has ${field}, which the local runner does not know`);
  const { InputType } = config as ReaderConfig;
  if (operation === 'getObject' && !(InputType! in PARSERS)) {
    throw new Error(`${at}: InputType must be one of ${Object.keys(PARSERS).join(', ')}, received ${JSON.stringify(InputType)}: the local runner reads no other`);
  }
}
