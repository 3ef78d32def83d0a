import { FOCAL_POINT_METADATA, FocalPoint } from '../../../contract';

const SHARE = String.raw`(0|1|0?\.\d{1,20}|1\.0{1,20})`;
const POINT = new RegExp(`^\\s*${SHARE}\\s*,\\s*${SHARE}\\s*$`);

/** The point that the uploader of an object named; undefined where there is none, or none that can be. */
export function focalPointOf(metadata: Readonly<Record<string, string>>): FocalPoint | undefined {
  const [, x, y] = POINT.exec(metadata[FOCAL_POINT_METADATA] ?? '') ?? [];
  return x === undefined ? undefined : { x: Number(x), y: Number(y) };
}

/** What metadata says in another form: it costs the image nothing, as it may be another program's. */
export function unreadableFocalPoint(metadata: Readonly<Record<string, string>>): string | undefined {
  return focalPointOf(metadata) ? undefined : metadata[FOCAL_POINT_METADATA]?.slice(0, 200);
}
