import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup/cpu';
/** Of the scheduler that gives processors away: a share is used up within it, and waited for until the next. */
const PERIOD_MICROSECONDS = 20_000;
/** Against 1024 of any other process: what is measured is the share, not what else the machine does. */
const WEIGHT = 100 * 1024;

/** A share of the processors, as Lambda gives it by memory. Needs Linux with control groups of version 1, and root. */
export class ProcessorShare {
  private readonly folder: string;

  /** @param vcpus 0.5 is half of the time of one */
  constructor(name: string, vcpus: number) {
    this.folder = join(ROOT, name);
    mkdirSync(this.folder);
    this.write('cpu.cfs_period_us', PERIOD_MICROSECONDS);
    this.write('cpu.cfs_quota_us', Math.round(vcpus * PERIOD_MICROSECONDS));
    this.write('cpu.shares', WEIGHT);
  }

  add(pid: number): void {
    this.write('cgroup.procs', pid);
  }

  /** After its processes have ended. */
  remove(): void {
    rmdirSync(this.folder);
  }

  private write(file: string, value: number): void {
    writeFileSync(join(this.folder, file), String(value));
  }
}
