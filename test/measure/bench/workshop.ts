import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { IMAGES, ImageName } from './images';
import { StandIns } from './stand-ins';
import { BUNDLE_OPTIONS } from '../../../assets/build/bundle';
import { architectures, packageRoot, payloadLayout } from '../../../assets/build/layout';

const CHILDREN = ['image-path', 'sharp-per-profile', 'decode', 'decode-and-scale', 'handler', 'handler-over-http', 'series', 'load'] as const;
export type Child = (typeof CHILDREN)[number];

/** What a run needs: a folder with images and programs, next to the packaged sharp, and the stand-ins. */
export interface Workshop {
  readonly folder: string;
  /** Of the packaged handler. */
  readonly payload: string;
  readonly standIns: StandIns;
  /** A module that imports nothing but the packaged sharp. */
  readonly sharpAlone: string;
  readonly warmUp: string;
  program(child: Child): string;
  imageFile(name: ImageName): Promise<string>;
  /** Writes an image, and gives it to the stand-ins. @returns its file */
  addImage(name: string, image: Buffer): Promise<string>;
  close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'cdk-image-resize-pipeline-bench-'));
  const payload = packagedHandler();
  await symlink(join(payload, 'node_modules'), join(folder, 'node_modules'), 'dir');
  await bundleChildren(folder);
  const sharpAlone = join(folder, 'sharp-alone.mjs');
  await writeFile(sharpAlone, "import sharp from 'sharp';\nexport default sharp;\n");
  const standIns = await StandIns.start();

  const files = new Map<string, Promise<string>>();
  const addImage = async (name: string, image: Buffer) => {
    const file = join(folder, name);
    await writeFile(file, image);
    standIns.addImage(file, image);
    return file;
  };
  const writeImage = async (name: ImageName, side: number) => addImage(`${name}-${side}`, await IMAGES[name].make(side));
  return {
    folder,
    payload,
    standIns,
    program: (child) => join(folder, `${child}.mjs`),
    sharpAlone,
    addImage,
    async imageFile(name) {
      const file = files.get(name) ?? writeImage(name, 1);
      files.set(name, file);
      return file;
    },
    warmUp: await writeImage('web', 0.1),
    async close() {
      await standIns.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** @throws Error when it was not built, or not for this machine */
function packagedHandler(): string {
  const architecture = architectures.find((name) => name === process.arch);
  if (process.platform !== 'linux' || !architecture) throw new Error(`the packaged sharp runs on Linux on arm64 and x64 only, received ${process.platform} on ${process.arch}`);
  return payloadLayout(packageRoot).folder(architecture);
}

/** As the handler itself is bundled, with sharp outside. */
async function bundleChildren(folder: string): Promise<void> {
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: CHILDREN.map((child) => `test/measure/bench/child/${child}.ts`),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    external: ['sharp'],
  });
}
