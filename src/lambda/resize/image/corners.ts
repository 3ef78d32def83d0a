import { Colour } from './colour';
import { Size } from './geometry';
import { Overlay } from './overlay';

/**
 * What makes the corners of a picture round: each is taken away, or painted over with a colour where the format has no
 * transparency.
 *
 * @param radius in pixels; half of the shorter side is the most, with which a square becomes a circle
 */
export function roundedCorners({ width, height }: Size, radius: number, colour?: Colour): Overlay[] {
  const side = Math.min(radius, Math.floor(Math.min(width, height) / 2));
  if (side < 1) return [];
  return [[0, 0], [1, 0], [0, 1], [1, 1]].map(([right, bottom]) => ({
    input: corner(side, right === 1, bottom === 1, colour),
    raw: { width: side, height: side, channels: 4 },
    left: right * (width - side),
    top: bottom * (height - side),
    blend: colour ? 'over' : 'dest-out',
  }));
}

/** Opaque outside of the circle that touches both edges, and half so where its line goes through a pixel. */
function corner(side: number, isRight: boolean, isBottom: boolean, { r, g, b }: Pick<Colour, 'r' | 'g' | 'b'> = { r: 0, g: 0, b: 0 }): Buffer {
  const pixels = Buffer.alloc(side * side * 4);
  for (let y = 0, at = 0; y < side; y += 1) {
    const down = side - 0.5 - (isBottom ? side - 1 - y : y);
    for (let x = 0; x < side; x += 1, at += 4) {
      const across = side - 0.5 - (isRight ? side - 1 - x : x);
      const outside = Math.min(Math.max(Math.hypot(across, down) - side + 0.5, 0), 1);
      pixels[at] = r;
      pixels[at + 1] = g;
      pixels[at + 2] = b;
      pixels[at + 3] = Math.round(255 * outside);
    }
  }
  return pixels;
}
