/**
 * Gives the memory of a buffer back at once. Nobody may read it any more, in no thread: that of a native library would read what is
 * somebody else's by then.
 *
 * Otherwise it is there until V8 collects it, and V8, which counts such memory, collects all of the heap for every few megabytes of it: for
 * each image of 5 MB. Does nothing where Node cannot (before 22), and for a part of a larger piece of memory.
 */
export function releaseMemory({ buffer: memory, length }: Buffer): void {
  if (memory.byteLength === length) (memory as Transferable).transfer?.(0);
}

interface Transferable {
  readonly transfer?: (length: number) => ArrayBuffer;
}
