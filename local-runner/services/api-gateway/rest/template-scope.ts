import { contextOf, RestCall } from './rest-call';
import type { TemplateScope } from './template';
import { joined, queryOf } from '../shared/request';

/** The variables of mapping templates of integrations. */
export const TEMPLATE_ROOTS = ['context', 'input', 'stageVariables', 'util'] as const;

/** @param body what `$input` is about */
export function templateScopeOf(call: RestCall, body: Buffer): TemplateScope {
  const text = body.toString('utf8');
  const headers = Object.fromEntries(call.request.headers);
  const querystring = Object.fromEntries(queryOf(call.request));
  const params = (name?: string): unknown => (name === undefined
    ? { header: headers, path: call.pathParameters, querystring }
    : call.pathParameters[name] ?? querystring[name] ?? joined(call.request.headers)[name.toLowerCase()] ?? '');
  return {
    context: contextOf(call),
    input: { body: text, json: (path: string) => JSON.stringify(select(text, path)) ?? '""', params, path: (path: string) => select(text, path) },
    stageVariables: call.stageVariables,
    util: UTILITIES,
  };
}

const UTILITIES = {
  base64Decode: (text: string) => Buffer.from(text, 'base64').toString('utf8'),
  base64Encode: (text: string) => Buffer.from(text).toString('base64'),
  escapeJavaScript: (text: string) => JSON.stringify(String(text)).slice(1, -1).replaceAll('\'', '\\\''),
  parseJson: (text: string) => JSON.parse(text) as unknown,
  urlDecode: (text: string) => decodeURIComponent(text.replaceAll('+', '%20')),
  urlEncode: (text: string) => encodeURIComponent(text).replaceAll('%20', '+'),
};

/** A value of a JSON text by a path of names and indexes, such as `$.images[0].key`. */
function select(text: string, path: string): unknown {
  if (!/^\$(\.[\w-]+|\[\d+\]|\['[^']+'\])*$/.test(path)) throw new Error(`a mapping template has the path ${JSON.stringify(path)}, which the local runner does not know`);
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)].map(([, name, index, quoted]) => name ?? index ?? quoted);
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], text === '' ? {} : JSON.parse(text));
}
