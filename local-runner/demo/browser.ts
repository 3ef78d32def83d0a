import { spawn } from 'child_process';

type Terminal = Readonly<{ stdin: { isTTY?: boolean }; stdout: { isTTY?: boolean }; platform: string; env: NodeJS.ProcessEnv }>;

/** The command that opens addresses in the user's browser; undefined where nobody would see it. */
export function browserCommand({ stdin, stdout, platform, env }: Terminal): readonly string[] | undefined {
  if (!stdin.isTTY || !stdout.isTTY || env.CI || env.SSH_CONNECTION) return undefined;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

/** Opens an address where there is a display. The address is printed as well, so that it does not matter if this fails. */
export function openBrowser(url: string): void {
  const [program, ...args] = browserCommand(process) ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
