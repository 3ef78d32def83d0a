import { browserCommand } from '../../../local-runner/demo/browser';
import { untilUnused } from '../../../local-runner/demo/gallery';
import { persistently } from '../../../local-runner/demo/process-inputs';
import { qrCode } from '../../../local-runner/demo/qr-code';
import { VisitorError } from '../../../local-runner/demo/visitor';

const TERMINAL = { stdin: { isTTY: true }, stdout: { isTTY: true }, platform: 'linux', env: { DISPLAY: ':0' } };

test.each([
  ['linux', { DISPLAY: ':0' }, ['xdg-open']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open']],
  ['darwin', {}, ['open']],
  ['win32', {}, ['cmd', '/c', 'start', '']],
])('on %s with %j the browser is opened by %j', (platform, env, command) => {
  expect(browserCommand({ ...TERMINAL, platform, env })).toEqual(command);
});

test.each([
  ['output into a file', { stdout: {} }],
  ['input from elsewhere', { stdin: {} }],
  ['no display', { env: {} }],
  ['a session over SSH', { env: { DISPLAY: ':10', SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' } }],
  ['an automatic run', { env: { DISPLAY: ':0', CI: 'true' } }],
])('with %s no browser is opened', (_, terminal) => {
  expect(browserCommand({ ...TERMINAL, ...terminal })).toBeUndefined();
});

test('a QR code has the colours that it needs, where a terminal may have others', () => {
  const plain = qrCode('http://192.168.1.20:8080/', false);
  const lines = plain.split('\n');

  expect(new Set(plain.replaceAll('\n', ''))).toEqual(new Set([' ', '\u2580', '\u2584', '\u2588']));
  expect(new Set(lines.map((line) => line.length))).toEqual(new Set([lines[0].length]));
  expect(qrCode('http://192.168.1.20:8080/', true).split('\n')).toEqual(lines.map((line) => `\u001b[97;40m${line}\u001b[0m`));
});

test.each([
  ['is tried again when the server cannot take it now', 503, 4],
  ['is tried again when the connection breaks', undefined, 4],
  ['is not tried again when it is refused', 400, 1],
])('an upload %s', async (_, status, tries) => {
  let count = 0;
  const error = await persistently(async () => {
    count += 1;
    throw status === undefined ? new Error('socket hang up') : new VisitorError('no', status);
  }, 1);

  expect(error).toBeInstanceOf(Error);
  expect(count).toBe(tries);
});

test('a gallery is used as long as somebody asks for something', async () => {
  let [checks, asked] = [0, 3];
  await untilUnused(() => {
    checks += 1;
    asked -= 1;
    return asked >= 0 ? Date.now() : 0;
  }, 60_000, 1);

  expect(checks).toBe(4);
});
