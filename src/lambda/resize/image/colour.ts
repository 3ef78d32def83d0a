/** Channels from 0 to 255, alpha from 0 to 1: sharp's form. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

/** @throws Error when it is neither `#rrggbb`, `#rrggbbaa` nor `transparent` */
export function parseColour(text: string): Colour {
  const hex = text === 'transparent' ? '#00000000' : text;
  if (!/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i.test(hex)) throw new Error(`expected #rrggbb, #rrggbbaa or transparent for background, received ${JSON.stringify(text)}`);
  const [r, g, b, alpha = 255] = [...Buffer.from(hex.slice(1), 'hex')];
  return { r, g, b, alpha: alpha / 255 };
}

/** The colour as it looks on white paper. */
export function flattened({ r, g, b, alpha }: Colour): Colour {
  const onWhite = (channel: number) => Math.round(channel * alpha + 255 * (1 - alpha));
  return { r: onWhite(r), g: onWhite(g), b: onWhite(b), alpha: 1 };
}
