import { ASSUMED, MIB_PER_VCPU } from './inputs';

/** Milliseconds that an invocation takes with that much memory: its processor time and its waiting. */
export function durationMs(cpuMs: number, memoryMib: number, waitMs: number = ASSUMED.waitMs): number {
  const vcpus = memoryMib / MIB_PER_VCPU;
  if (vcpus <= 1) return cpuMs / vcpus + waitMs;
  // What runs on one processor only does not gain from more of them.
  return cpuMs * (1 - ASSUMED.parallelShare + ASSUMED.parallelShare / vcpus) + waitMs;
}

export function gbSeconds(ms: number, memoryMib: number): number {
  return (ms / 1000) * (memoryMib / 1024);
}
