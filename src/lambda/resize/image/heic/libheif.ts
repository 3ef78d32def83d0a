/** The only file that knows libheif, by its C functions: its JavaScript ones have neither colour nor metadata. */
import createLibheif from 'libheif-js/libheif-wasm/libheif.js';
import { HeicFailure, HeicHeader } from './protocol';

/** Thrown for what libheif says about a file. */
export class HeifError extends Error implements HeicFailure {
  constructor(public readonly kind: HeicFailure['kind'], public readonly detail: string) {
    super(detail);
  }
}

/** Pixels in libheif's memory, 8 bits a channel. */
export interface HeifPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly channels: 3 | 4;
  readonly premultiplied: boolean;
}

const UNSUPPORTED_FILE_TYPE = 3;
const UNSUPPORTED_FEATURE = 4;
const OUT_OF_MEMORY = 6;
/** The one for another codec than HEVC, which a HEIC may hold. */
const NO_DECODER = 11;
const SECURITY_LIMIT_EXCEEDED = 1000;
/** No primary picture is named, or not one that can be read. */
const NO_STILL = [107, 124, 2000];

const RGB = 1;
const MONOCHROME = 2;
const INTERLEAVED = { channel: 10, rgb: 10, rgba: 11 };

/** Offsets in `heif_security_limits` and `heif_decoding_options`. */
const LIMITS = { imagePixels: 8, profileBytes: 32 };
const OPTIONS = { convertTo8Bit: 20, strict: 21 };

const MAX_METADATA_BYTES = 4 * 1024 * 1024;
/** Tiles reach beyond the image that is cut from them. */
const TILE_PIXELS = 1024 * 1024;

/** The primary image of a file. One per process or thread: nothing is freed. */
export class HeifImage {
  private readonly lib = createLibheif({ print: () => undefined, printErr: () => undefined });
  private readonly error = this.lib._malloc(12);
  private readonly out = this.lib._malloc(8);
  private readonly handle: number;

  /** @throws HeifError when the file has no image that can be read */
  constructor(file: Uint8Array, maxPixels: number) {
    const { lib } = this;
    const context = lib._heif_context_alloc();
    const limits = lib._heif_context_get_security_limits(context);
    const view = this.memory();
    view.setBigUint64(limits + LIMITS.imagePixels, BigInt(Math.ceil(maxPixels) + TILE_PIXELS), true);
    view.setUint32(limits + LIMITS.profileBytes, MAX_METADATA_BYTES, true);

    const at = lib._malloc(file.length);
    lib.HEAPU8.set(file, at);
    lib._heif_context_read_from_memory_without_copy(this.error, context, at, file.length, 0);
    this.check();
    lib._heif_context_get_primary_image_handle(this.error, context, this.out);
    this.check();
    this.handle = this.pointer();
  }

  header(): HeicHeader {
    const { lib, handle } = this;
    const icc = this.profile();
    return {
      width: lib._heif_image_handle_get_width(handle),
      height: lib._heif_image_handle_get_height(handle),
      alpha: lib._heif_image_handle_has_alpha_channel(handle) === 1,
      grey: this.isGrey(),
      icc,
      codePoints: icc ? undefined : this.codePoints(),
      exif: exifOf(this.metadata('Exif')),
      xmp: this.metadata('mime', 'application/rdf+xml'),
    };
  }

  decode(): HeifPixels {
    const { lib, handle } = this;
    const channels = lib._heif_image_handle_has_alpha_channel(handle) ? 4 : 3;
    const options = lib._heif_decoding_options_alloc();
    lib.HEAPU8[options + OPTIONS.convertTo8Bit] = 1;
    // Damage is to be an error, and not a grey area.
    lib.HEAPU8[options + OPTIONS.strict] = 1;
    lib._heif_decode_image(this.error, handle, this.out, RGB, channels === 4 ? INTERLEAVED.rgba : INTERLEAVED.rgb, options);
    this.check('hidden');
    const image = this.pointer();
    const plane = lib._heif_image_get_plane_readonly2(image, INTERLEAVED.channel, this.out);
    const [width, height] = [lib._heif_image_get_width(image, INTERLEAVED.channel), lib._heif_image_get_height(image, INTERLEAVED.channel)];
    const stride = this.pointer();
    const premultiplied = channels === 4 && lib._heif_image_handle_is_premultiplied_alpha(handle) === 1;
    return { data: lib.HEAPU8.subarray(plane, plane + stride * height), width, height, stride, channels, premultiplied };
  }

  private isGrey(): boolean {
    this.lib._heif_image_handle_get_preferred_decoding_colorspace(this.error, this.handle, this.out, this.out + 4);
    return this.errorCode() === 0 && this.pointer() === MONOCHROME;
  }

  private profile(): Uint8Array | undefined {
    const size = this.lib._heif_image_handle_get_raw_color_profile_size(this.handle);
    return size > 0 && size <= MAX_METADATA_BYTES
      ? this.read(size, (at) => this.lib._heif_image_handle_get_raw_color_profile(this.error, this.handle, at))
      : undefined;
  }

  private codePoints(): HeicHeader['codePoints'] {
    this.lib._heif_image_handle_get_nclx_color_profile(this.error, this.handle, this.out);
    if (this.errorCode() !== 0) return undefined;
    const [at, view] = [this.pointer(), this.memory()];
    return { primaries: view.getUint32(at + 4, true), transfer: view.getUint32(at + 8, true) };
  }

  private metadata(type: string, contentType?: string): Uint8Array | undefined {
    const { lib, handle } = this;
    const count = Math.min(lib._heif_image_handle_get_number_of_metadata_blocks(handle, 0), 100);
    const list = lib._malloc(4 * count);
    lib._heif_image_handle_get_list_of_metadata_block_IDs(handle, 0, list, count);
    const ids = Array.from({ length: count }, (_, nth) => this.memory().getUint32(list + 4 * nth, true));
    const id = ids.find((each) => this.text(lib._heif_image_handle_get_metadata_type(handle, each)) === type
      && (contentType === undefined || this.text(lib._heif_image_handle_get_metadata_content_type(handle, each)) === contentType));
    const size = id === undefined ? 0 : lib._heif_image_handle_get_metadata_size(handle, id);
    if (id === undefined || size === 0 || size > MAX_METADATA_BYTES) return undefined;
    return this.read(size, (at) => lib._heif_image_handle_get_metadata(this.error, handle, id, at));
  }

  /** What libheif writes; undefined where it fails: metadata and profiles are not worth an image. */
  private read(size: number, write: (at: number) => void): Uint8Array | undefined {
    const at = this.lib._malloc(size);
    write(at);
    return this.errorCode() === 0 ? this.lib.HEAPU8.slice(at, at + size) : undefined;
  }

  private pointer(): number {
    return this.memory().getUint32(this.out, true);
  }

  private errorCode(): number {
    return this.memory().getUint32(this.error, true);
  }

  /** @throws HeifError for what the last call says; too many pixels may be of this kind */
  private check(tooMany: HeicFailure['kind'] = 'too large'): void {
    const [code, subcode, message] = [0, 4, 8].map((offset) => this.memory().getUint32(this.error + offset, true));
    if (code === 0) return;
    const kind = subcode === SECURITY_LIMIT_EXCEEDED ? tooMany
      : code === OUT_OF_MEMORY ? 'too large'
        : [UNSUPPORTED_FEATURE, UNSUPPORTED_FILE_TYPE, NO_DECODER].includes(code) ? 'unsupported'
          : NO_STILL.includes(subcode) ? 'no still' : 'damaged';
    throw new HeifError(kind, this.text(message).slice(0, 200));
  }

  private text(at: number): string {
    const bytes = this.lib.HEAPU8 as Uint8Array;
    return at === 0 ? '' : Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString();
  }

  /** Anew each time: memory that grows is another. */
  private memory(): DataView {
    const { buffer } = this.lib.HEAPU8 as Uint8Array;
    return new DataView(buffer);
  }
}

/** Before the TIFF is the number of bytes before it. */
function exifOf(item: Uint8Array | undefined): Uint8Array | undefined {
  if (!item || item.length < 4) return undefined;
  const start = 4 + new DataView(item.buffer, item.byteOffset).getUint32(0);
  return start < item.length ? item.subarray(start) : undefined;
}
