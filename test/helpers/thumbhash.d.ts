/** The package is an ES module, and its own types would keep what is compiled as CommonJS (the tests) from importing it. */
declare module 'thumbhash' {
  /** @param rgba not multiplied by alpha, at most 100 pixels on a side */
  export function rgbaToThumbHash(width: number, height: number, rgba: ArrayLike<number>): Uint8Array;
  export function thumbHashToRGBA(hash: ArrayLike<number>): { readonly w: number; readonly h: number; readonly rgba: Uint8Array };
}
