import { browserCommand } from '../../../local-runner/demo/browser';
import { untilUnused } from '../../../local-runner/demo/gallery';

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

test('a gallery is used as long as somebody asks for something', async () => {
  let [checks, asked] = [0, 3];
  await untilUnused(() => {
    checks += 1;
    asked -= 1;
    return asked >= 0 ? Date.now() : 0;
  }, 60_000, 1);

  expect(checks).toBe(4);
});
