import { cpSync, existsSync, mkdtempSync, symlinkSync } from 'fs';
import { basename, join } from 'path';

const REPOSITORY = join(__dirname, '..', '..', '..');

/**
 * A folder with the code of an asset that this machine can run. The asset holds sharp's binaries for the function's
 * processor and Linux; elsewhere its own files run with the same modules for this machine.
 *
 * @param architecture of the function, as in a template
 * @param temporary where a folder may be made; it is not removed here
 */
export function runnableFolder(asset: string, architecture: string, temporary: string): string {
  const modules = join(asset, 'node_modules');
  if (!existsSync(modules) || (process.platform === 'linux' && architecture === (process.arch === 'x64' ? 'x86_64' : process.arch))) return asset;
  const folder = mkdtempSync(join(temporary, `${basename(asset).slice(0, 16)}-`));
  cpSync(asset, folder, { recursive: true, filter: (source) => source !== modules });
  // A junction, because Windows wants rights for other links.
  symlinkSync(modulesOfThisMachine(), join(folder, 'node_modules'), 'junction');
  return folder;
}

function modulesOfThisMachine(): string {
  return process.platform === 'linux'
    ? join(REPOSITORY, 'assets', 'resize-handler', `linux-${process.arch}`, 'node_modules')
    : join(REPOSITORY, 'node_modules');
}
