/** The thread that decodes a HEIC, a bundle of its own: it is loaded when there is one, and ends with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { HeifError, HeifImage } from './libheif';
import { pngFile } from './png-file';
import { HeicAnswer, HeicRequest } from './protocol';

const request: HeicRequest = workerData;
try {
  const image = new HeifImage(request.file, request.maxPixels);
  if (request.ask === 'header') {
    post({ answer: image.header() });
  } else {
    const png = pngFile(image.decode(), request.metadata);
    post({ answer: png }, [png.buffer]);
  }
} catch (error) {
  post({ failure: failureOf(error) });
}

function post(answer: HeicAnswer<unknown>, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(answer, transfer);
}

function failureOf(error: unknown) {
  if (error instanceof HeifError) return { kind: error.kind, detail: error.detail };
  // WebAssembly stops at what it may not do; what C++ throws comes as a number or an object of its runtime.
  if (!(error instanceof Error) || error.name === 'RuntimeError') return { kind: 'damaged', detail: 'its decoder failed' } as const;
  throw error;
}
