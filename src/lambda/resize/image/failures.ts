import { damaged, tooLargeForDecoder, unsupportedForm } from './words';
import { plainText } from '../../shared/plain-text';
import { PermanentError } from '../endings/permanent-error';

/** What libvips and its decoders say about an image, as opposed to the machine. */
const TOO_LARGE = /pixel limit|too large|security limit/i;
const UNSUPPORTED = /channel limit/;
/** Of drawings in units that librsvg does not know, and without anything in them. */
const NO_SIZE = /svgload_buffer: bad dimensions/;
/** Of pictures in layers, of which the header states another one than is decoded, and such. */
const OTHER_SIZE = /does not have the size signaled|bad image dimensions on decode/;
const TIMED_OUT = /timeout: \d+% complete/;
/** Not the image's fault: thrown on as it is and retried. */
const MACHINE = /out of memory|could not allocate|unable to allocate|insufficient memory|cannot allocate|memory allocation|no space left|create thread/i;

/** The error for a pipeline that reads the source: what failed is the image unless the message says otherwise. */
export function sourceFailure(error: unknown, format: string): unknown {
  if (error instanceof PermanentError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const technical = (detail: string) => ({ detail: `the ${format} image ${detail}`, cause: error });
  if (TOO_LARGE.test(message)) return tooLargeForDecoder(format, technical(`is too large to be decoded: ${readable(message)}`));
  if (UNSUPPORTED.test(message)) return unsupportedForm(format, 'has more channels than colour and transparency', technical('has more channels than colour and alpha'));
  if (NO_SIZE.test(message)) return unsupportedForm(format, 'has no size in a unit that is known', technical('has no size: expected a width and a height or a view box'));
  if (OTHER_SIZE.test(message)) return unsupportedForm(format, 'holds a picture of another size than it states', technical('is not of the size that its header states: it may have layers'));
  if (TIMED_OUT.test(message)) return timeout(error);
  if (MACHINE.test(withoutTags(message))) return error;
  return damaged(format, technical(`cannot be decoded: ${readable(message)}`));
}

/** The error for a pipeline that only encodes decoded pixels: only its time is the image's fault. */
export function encoderFailure(error: unknown): unknown {
  return error instanceof Error && TIMED_OUT.test(error.message) ? timeout(error) : error;
}

export function timeout(cause?: unknown): PermanentError {
  return new PermanentError('TIMEOUT', 'This image takes too long to be processed. Make it smaller, or save it in another format, and upload it again.', {
    detail: 'the image could not be decoded and encoded within the time limit',
    cause,
  });
}

/** libtiff says that it is out of memory also of a tag that claims more bytes than the file has; what it lacks for pixels, it says in other words. */
function withoutTags(message: string): string {
  return message.split('\n').filter((line) => !/tag (?:ignored|not read)|out of memory reading of "/i.test(line)).join('\n');
}

/** Characters of what libvips says. */
const MAX_REASON = 200;

/** libvips reports a list of lines, some of them the attempts before the reason. */
function readable(message: string): string {
  const lines = message.split('\n')
    .map((line) => line.trim().replace(/^Input buffer has corrupt header: /, '').replace(/^(?:Vips\w+|vips\w+|\w+load_buffer|webp|heif): /, ''))
    .map((line) => line.replace(/:$/, ''))
    .filter((line) => line !== '' && line !== 'Input buffer has corrupt header' && !/bad seek|^\(\d|^error in tile|failOn setting|^Unknown error$/.test(line));
  const reason = [...new Set(lines)].slice(0, 2).join('; ');
  return plainText(reason, MAX_REASON) || 'its data is damaged or incomplete';
}
