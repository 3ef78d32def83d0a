/**
 * Instances of EC2: `AWS::EC2::Instance`, as far as `Metadata['AWS::CloudFormation::Init']` (CDK's `CloudFormationInit`) says
 * what is on them.
 *
 * Wiring hands over that metadata with its intrinsic functions resolved, finds staged assets by their keys, and gives the
 * environment (endpoints, credentials, `AWS_REGION`) in which an SDK finds the services of the app, after these exist.
 * `origin` stands for the instance's public address: wiring gives it for `PublicIp` and `PublicDnsName`.
 *
 * What the instance would run as services of systemd is run when it is Node.js, without what stands in front of it (nginx) or
 * beside it (agents). Packages, users, commands, owners and modes of files, and user data have nothing to do here.
 */
import { readFileSync } from 'fs';
import { mkdtemp, rm } from 'fs/promises';
import { join } from 'path';
import { Init, install } from './init';
import { Service } from './service';
import { parseUnit, Unit } from './unit';

export type { Init } from './init';

const UNITS = '/etc/systemd/system';

export interface InstanceOptions {
  readonly name: string;
  /** Where the resource stands in the templates, for errors. */
  readonly at: string;
  readonly init?: Init;
  /** The staged file or folder with this key in the assets bucket. */
  readonly assetOf: (key: string) => string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the folder is made that stands for the instance's disk. */
  readonly temporary: string;
  /** Share of its real time that the wait before a restart takes. */
  readonly waitFactor: number;
  /** Gets every line that a service writes. */
  readonly onLog: (line: { readonly instanceName: string; readonly serviceName: string; readonly text: string }) => void;
}

export class Instance {
  /**
   * Resolves when every service accepts connections.
   *
   * @throws Error that names what the runner does not know of the instance
   */
  static async start(options: InstanceOptions): Promise<Instance> {
    const { init, at } = options;
    if (!init) throw new Error(`${at} must say in its metadata AWS::CloudFormation::Init what is on it`);
    const disk = await mkdtemp(join(options.temporary, 'instance-'));
    const services: Service[] = [];
    const stop = async () => {
      await Promise.all(services.map((each) => each.stop()));
      await rm(disk, { recursive: true, force: true });
    };
    try {
      for (const { name, unit } of unitsOf(init, disk, options)) {
        services.push(await Service.start({
          name,
          unit,
          folder: disk,
          environment: options.environment,
          waitFactor: options.waitFactor,
          onLine: (text) => options.onLog({ instanceName: options.name, serviceName: name, text }),
        }));
      }
    } catch (error) {
      await stop();
      throw error;
    }
    return new Instance(services, stop);
  }

  private constructor(private readonly services: readonly Service[], private readonly end: () => Promise<void>) {}

  /** Scheme, host and port of the service that is turned on first. */
  get origin(): string {
    return `http://127.0.0.1:${this.services[0].port}`;
  }

  /** Whether a service ended and does not come back. */
  get failed(): boolean {
    return this.services.some(({ failed }) => failed);
  }

  async stop(): Promise<void> {
    await this.end();
  }
}

function unitsOf(init: Init, disk: string, { at, assetOf }: InstanceOptions): { readonly name: string; readonly unit: Unit }[] {
  const { localize, services } = install(init, disk, assetOf, at);
  const read = (path: string) => readIfThere(join(disk, path));
  const units = services.flatMap((name) => {
    const text = read(`${UNITS}/${name}.service`);
    const unit = text === undefined ? undefined : parseUnit(text, read, `${at}: unit ${name}.service`);
    return unit ? [{ name, unit: localizeUnit(unit, localize) }] : [];
  });
  if (units.length === 0) throw new Error(`${at} must turn on a unit in ${UNITS} that runs Node.js, received services ${JSON.stringify(services)}`);
  return units;
}

function localizeUnit(unit: Unit, localize: (text: string) => string): Unit {
  return {
    ...unit,
    arguments: unit.arguments.map(localize),
    workingDirectory: unit.workingDirectory && localize(unit.workingDirectory),
    environment: Object.fromEntries(Object.entries(unit.environment).map(([name, value]) => [name, localize(value)])),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
