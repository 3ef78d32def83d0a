import { closeSync, openSync, readSync } from 'node:fs';
import { Architecture } from './layout';

const machines: Record<number, Architecture> = { 0x3e: 'x64', 0xb7: 'arm64' };

/** The architecture in an ELF header; `undefined` if the file is not a 64-bit little-endian ELF file. */
export function elfArchitecture(path: string): Architecture | 'other' | undefined {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  // Magic number, 64 bit, little endian.
  if (header.subarray(0, 6).toString('hex') !== '7f454c460201') return undefined;
  return machines[header.readUInt16LE(18)] ?? 'other';
}
