import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly sharp: string;
  readonly libvips: string;
  /** Of the other programs; null for those that are not installed. */
  readonly others: Readonly<Record<string, string | null>>;
}

export function describeMachine(payload: string, others: readonly { name: string; version?: string }[]): Machine {
  const { versions } = createRequire(join(payload, 'index.mjs'))('sharp') as { versions: { sharp: string; vips: string } };
  return {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    sharp: versions.sharp,
    libvips: versions.vips,
    others: Object.fromEntries(others.map(({ name, version }) => [name, version ?? null])),
  };
}
