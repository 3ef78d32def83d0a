import { parseArguments, UsageError } from '../../../local-runner/demo/arguments';

test.each([
  [['--once', '--port', '8080'], '--port and --host must come without --once, which shows no gallery'],
  [['--once', '--host', '127.0.0.1'], '--port and --host must come without --once, which shows no gallery'],
  [['--strict'], '--strict must come with --once'],
  [['--out', ''], '--out must be a folder, received ""'],
  [['--port', ''], '--port must be a number from 1 to 65535, received ""'],
  [['--port', '0x50'], '--port must be a number from 1 to 65535, received "0x50"'],
  [['--host', ''], '--host must be an IPv4 address of this machine'],
  [['--example', ''], '--example must be one of'],
  [[''], 'files and folders must have names, received ""'],
])('fails for %j', (args, message) => {
  expect(() => parseArguments(args)).toThrow(UsageError);
  expect(() => parseArguments(args)).toThrow(message);
});

test('what belongs together is taken', () => {
  expect(parseArguments(['--once', '--strict', __filename])).toMatchObject({ gallery: false, strict: true, inputs: [__filename] });
  expect(parseArguments(['--port', '8080', '--host', '127.0.0.1', '--qr'])).toMatchObject({ gallery: true, port: 8080, host: '127.0.0.1', qr: true });
});
