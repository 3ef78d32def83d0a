/**
 * Memory that is given back, while tests look: it is overwritten at once, as by its next owner, so that whoever still reads it makes another
 * picture. Takes the place of what Node has for it from version 22 on.
 */
export class ReleasedMemory {
  /** Bytes of each piece. */
  readonly pieces: number[] = [];
  private readonly before = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'transfer');

  constructor() {
    const { pieces } = this;
    Object.defineProperty(ArrayBuffer.prototype, 'transfer', {
      configurable: true,
      value(this: ArrayBuffer) {
        pieces.push(this.byteLength);
        new Uint8Array(this).fill(0x5a);
      },
    });
  }

  stop(): void {
    if (this.before) Object.defineProperty(ArrayBuffer.prototype, 'transfer', this.before);
    else Reflect.deleteProperty(ArrayBuffer.prototype, 'transfer');
  }
}
