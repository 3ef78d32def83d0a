/** A big-endian number of four bytes, as PNG and ISO media files have them. */
export function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
