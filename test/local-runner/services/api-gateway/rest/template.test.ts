import { parseTemplate } from '../../../../../local-runner/services/api-gateway/rest/template';

const ROOTS = ['context', 'input', 'util'];
const scope = () => ({
  context: { requestId: 'r-1', error: { messageString: '"no"' } } as Record<string, unknown>,
  input: { body: 'text', params: (name?: string) => (name ? `<${name}>` : { header: { Origin: 'https://a.example' } }) },
  util: { escapeJavaScript: (text: string) => text.replaceAll('"', '\\"') },
});
const render = (text: string) => parseTemplate(text, ROOTS, 'Test')(scope());

test.each<[string, string]>([
  ['plain text, $1 and #1', 'plain text, $1 and #1'],
  ['{"id":"$context.requestId","message":$context.error.messageString}', '{"id":"r-1","message":"no"}'],
  ['${context.requestId}s and $!{context.none}.', 'r-1s and .'],
  ['$input.body $input.params(\'key\') $util.escapeJavaScript("a$input.body")', 'text <key> atext'],
  ['$input.params().header.get("Origin")|$input.params().header.get("none")|', 'https://a.example||'],
  ['## a comment\nbody', 'body'],
  ['#set($name = "x")\n$name$name', 'xx'],
  ['#if($context.requestId == "r-1")yes#{else}no#end', 'yes'],
  ['#if($context.requestId != "r-1")yes#elseif(true && !false)maybe#{else}no#end', 'maybe'],
  ['#if($context.none || $context.requestId == "other")yes#end', ''],
  ['#if(true)#if(false)a#{else}b#end#{end}', 'b'],
])('%s renders as %s', (text, expected) => {
  expect(render(text)).toBe(expected);
});

test('the response can be overridden', () => {
  const given = scope();
  parseTemplate('#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X-Code = $context.requestId)', ROOTS, 'Test')(given);

  expect(given.context.responseOverride).toEqual({ status: 404, header: { 'X-Code': 'r-1' } });
});

test.each<[string, string]>([
  ['#foreach($x in $input.body)$x#end', '#foreach('],
  ['$unknown.name', '$unknown.name'],
  ['$input.size()', 'size('],
  ['#set($context.requestId = "x")', '#set($context.requestId'],
  ['#if(true', ''],
  ['#if(true)never ended', ''],
  ['#end', '#end'],
])('fails for %s', (text, part) => {
  expect(() => render(text)).toThrow('Test has a mapping template that the local runner does not understand at');
  expect(() => render(text)).toThrow(part);
});
