import type { SpaceName } from '../originals';

/** A change of the image path that takes a mending back, in a file of `src/lambda/resize/image`; the text stands there exactly once. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The originals that tell. */
  readonly format: SpaceName;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'grey that is made from the input is padded with a grey',
    file: 'input.ts',
    find: "const colour = { 'b-w': 'srgb', 'grey16': 'rgb16' }[space];",
    replace: 'const colour = space && undefined;',
    format: 'png',
  },
  {
    name: 'what no frame of a GIF covers is black',
    file: 'gif.ts',
    find: 'return covers(gif.frames[0], gif) ? { data: still } :',
    replace: 'return gif ? { data: still } :',
    format: 'gif',
  },
  {
    name: 'disposal of a GIF clears to the background of its palette',
    file: 'gif.ts',
    find: 'if (!clears) return covers(',
    replace: 'if (gif) return covers(',
    format: 'gif',
  },
  {
    name: 'damage behind the first frame of a GIF is not told',
    file: 'gif.ts',
    find: 'if (!isWhole) return describe(data, frames, true);',
    replace: 'if (!isWhole) return describe(data, frames, false);',
    format: 'gif',
  },
  {
    name: 'the padding of a GIF is mixed from its own palette',
    file: 'formats.ts',
    find: "padded && format === 'gif'",
    replace: "padded && format === 'jpeg'",
    format: 'gif',
  },
  {
    name: 'code points of a PNG do not count',
    file: 'png-colour.ts',
    find: 'profileByCodes(chunks, isGrey) ??',
    replace: '',
    format: 'png',
  },
  {
    name: 'gamma and chromaticities do not count',
    file: 'png-colour.ts',
    find: ' ?? profileByGamma(chunks, isGrey)',
    replace: '',
    format: 'png',
  },
  {
    name: 'a profile of an odd intent does not count',
    file: 'png-colour.ts',
    find: 'return withKnownIntent(profile);',
    replace: 'return undefined;',
    format: 'png',
  },
  {
    name: 'the profile of grey with 16 bits does not count',
    file: 'input.ts',
    find: "if (probe.space === 'grey16' && probe.profile === 'GRAY') return",
    replace: "if (probe.space === '') return",
    format: 'png',
  },
  {
    name: 'checksums of a PNG refuse it',
    file: 'input.ts',
    find: "probe.format === 'png' ? 'truncated' : 'error'",
    replace: "'warning'",
    format: 'png',
  },
  {
    name: 'an RGB profile in grey does not count',
    file: 'fitting-profile.ts',
    find: "kind === 'RGB ' ? greyProfileFrom(icc!) : undefined",
    replace: 'undefined',
    format: 'jpeg',
  },
  {
    name: 'inks are those of print',
    file: 'fitting-profile.ts',
    find: "kind === 'CMYK' ? undefined : plainCmykProfile()",
    replace: 'undefined',
    format: 'jpeg',
  },
  {
    name: 'a JPEG without its end marker is refused',
    file: 'jpeg.ts',
    find: 'if (!hasAllScans(data) || !await hasAllRows(data, size)) return undefined;',
    replace: 'if (data.length > 0 || size) return undefined;',
    format: 'jpeg',
  },
  {
    name: 'code points of an AVIF do not count',
    file: 'avif-colour.ts',
    find: ': profileOf(points);',
    replace: ': undefined;',
    format: 'avif',
  },
  {
    name: 'the range of unspecified code points does not count',
    file: 'avif-colour.ts',
    find: 'if (!isUnspecified) return data;',
    replace: 'if (!isUnspecified || data.length > 0) return data;',
    format: 'avif',
  },
  {
    name: 'grey of limited range stays pale',
    file: 'avif-colour.ts',
    find: 'const profile = isLimitedGrey ?',
    replace: 'const profile = points.primaries < 0 ?',
    format: 'avif',
  },
  {
    name: 'an AVIF sequence is not opened',
    file: 'avif-still.ts',
    find: "if (!has('moov')) return data;",
    replace: "if (has('moov')) return data;",
    format: 'avif',
  },
  {
    name: 'brands of AVIF are left as they are',
    file: 'avif-still.ts',
    find: "copy.write('avif', MAJOR_BRAND, 'latin1');",
    replace: '',
    format: 'avif',
  },
  {
    name: 'signed and floating-point samples are read',
    file: 'tiff.ts',
    find: 'if (format !== undefined && photometric !== LAB) return',
    replace: 'if (format === -1) return',
    format: 'tiff',
  },
  {
    name: 'depths that libvips misreads are read',
    file: 'tiff.ts',
    find: 'if (!isPacked && depth !== 8 && depth !== 16) return',
    replace: 'if (depth === 0) return',
    format: 'tiff',
  },
  {
    name: 'a channel of unspecified meaning is opacity',
    file: 'tiff.ts',
    find: 'if (first(TAG.extraSamples, 2) === 0) return',
    replace: 'if (first(TAG.extraSamples, 2) === -1) return',
    format: 'tiff',
  },
  {
    name: 'YCbCr without JPEG is read',
    file: 'tiff.ts',
    find: 'if (photometric === YCBCR && compression !== JPEG) return',
    replace: 'if (photometric === -1) return',
    format: 'tiff',
  },
  {
    name: 'planes of grey and alpha are read',
    file: 'tiff.ts',
    find: 'if (colours === 1 && first(TAG.samples, 1) > 1) return',
    replace: 'if (colours === 0) return',
    format: 'tiff',
  },
  {
    name: 'alpha beside CMYK of 16 bits is read',
    file: 'tiff.ts',
    find: 'if (photometric === CMYK && depth === 16 && extra > 0) return',
    replace: 'if (photometric === -1) return',
    format: 'tiff',
  },
  {
    name: 'remarks of libtiff refuse a TIFF',
    file: 'tiff.ts',
    find: 'if (!isTiled(directory) && ![2, 3, 4].includes(compression)) return undefined;',
    replace: 'if (compression !== -1) return { data, strict: true };',
    format: 'tiff',
  },
  {
    name: 'lengths in SVG are those of 72 to the inch',
    file: 'svg.ts',
    find: 'PHYSICAL_LENGTH.test(text) ? CSS_DENSITY :',
    replace: 'text === "" ? CSS_DENSITY :',
    format: 'svg',
  },
  {
    name: 'type in SVG is smaller than in browsers',
    file: 'svg.ts',
    find: '? \'\' : \' font-size="16px"\';',
    replace: '? \'\' : \'\';',
    format: 'svg',
  },
  {
    name: 'SVG in UTF-16 is not recognised',
    file: 'sniff.ts',
    find: "if (mark === '\\xff\\xfe' || mark === '<\\0')",
    replace: "if (mark === '')",
    format: 'svg',
  },
  {
    name: 'a kept profile of an odd intent stays odd',
    file: 'fitting-profile.ts',
    find: "if (kind === 'RGB ' && space === 'srgb' && icc!.readUInt32BE(RENDERING_INTENT) > 3) return",
    replace: "if (kind === '') return",
    format: 'jpeg',
  },
  {
    name: 'profiles of 16 bits are kept',
    file: 'metadata.ts',
    find: '/^s?rgb$/',
    replace: '/^(?:s?rgb|rgb16)$/',
    format: 'png',
  },
];
