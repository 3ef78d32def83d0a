import { chmodSync, readdirSync } from 'fs';
import { join } from 'path';

/** Lambda's user is none of those who own the files of an asset, and an asset keeps their modes. */
export function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else chmodSync(path, 0o755);
  }
}
