/** What people are told of an image that fails: whole sentences, with what to do. The technical side goes into `detail`. */
import { FORMATS, InputFormat } from './formats';
import { Size } from './geometry';
import { Sniffed } from './sniff';
import { EncodedFormat } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';

interface Technical extends ErrorOptions {
  readonly detail: string;
}

const NAMES: Readonly<Record<InputFormat, string>> = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP', avif: 'AVIF', gif: 'GIF', tiff: 'TIFF', svg: 'SVG', heic: 'HEIC' };

export function nameOf(format: string): string {
  return (NAMES as Record<string, string>)[format] ?? format;
}

/** @param extension of the file's name, without its dot */
export function unreadable(data: Buffer, found: Sniffed, accepted: readonly InputFormat[], extension: string, technical: Technical): PermanentError {
  const names = accepted.map(nameOf);
  const advice = `Save the picture as ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, and upload it again.`;
  const isDrawing = found !== undefined && 'format' in found && found.format === 'svg';
  const claim = CLAIMS.has(extension.toLowerCase()) && !isDrawing ? `, although its name says .${extension}` : '';
  return new PermanentError('UNSUPPORTED_FORMAT', `This file ${what(data, found)}${claim}. ${advice}`, technical);
}

/** Extensions that promise an image which is read. */
const CLAIMS = new Set(Object.values(FORMATS).flatMap(({ extensions }) => extensions));

function what(data: Buffer, found: Sniffed): string {
  if (found && 'unsupported' in found) return `is ${/^(?:[aeio]|MP4)/i.test(found.unsupported) ? 'an' : 'a'} ${found.unsupported} file`;
  if (found) return found.format === 'svg' ? 'is an SVG drawing, which is not accepted here' : `is a ${nameOf(found.format)} file`;
  if (data.length === 0) return 'is empty';
  const start = data.subarray(0, 512);
  const text = start.toString('utf8');
  // eslint-disable-next-line no-control-regex -- what texts do not have
  if (/[\x00-\x08\x0e-\x1f]/.test(text) || text.slice(0, -4).includes('\ufffd')) return 'is no image of a known format';
  return /<!doctype html|<html/i.test(text) ? 'is a web page (HTML)' : 'is a text';
}

export function unsupportedForm(format: string, form: string, technical: Technical): PermanentError {
  const message = `This ${nameOf(format)} image ${form}, which cannot be processed. Save it in a more usual form, such as JPEG or PNG, and upload it again.`;
  return new PermanentError('UNSUPPORTED_FORMAT', message, technical);
}

/** @param character such as those of Chinese */
export function drawingWithoutFont(character: string, technical: Technical): PermanentError {
  const message = `This SVG drawing has text in characters for which there is no font here, such as ${character}. Convert its texts to paths, or save it as PNG, and upload it again.`;
  return new PermanentError('UNSUPPORTED_FORMAT', message, technical);
}

/** @param feature such as text on a path */
export function drawingWith(feature: string, technical: Technical): PermanentError {
  const message = `This SVG drawing has ${feature}, which cannot be drawn here. Convert it to paths and plain colours, or save it as PNG, and upload it again.`;
  return new PermanentError('UNSUPPORTED_FORMAT', message, technical);
}

/** @param curve such as PQ */
export function highDynamicRange(format: string, curve: string, technical: Technical): PermanentError {
  const message = `This ${nameOf(format)} image has high dynamic range (${curve}), which only some screens can show. Save it with standard dynamic range (SDR), and upload it again.`;
  return new PermanentError('UNSUPPORTED_FORMAT', message, technical);
}

export function damaged(format: string, technical: Technical): PermanentError {
  return new PermanentError('CORRUPT_IMAGE', `This ${nameOf(format)} image is damaged or incomplete. Save it anew where it opens, or take another copy, and upload it again.`, technical);
}

export function damagedAnimation(technical: Technical): PermanentError {
  return new PermanentError('CORRUPT_IMAGE', 'This animation is damaged: not all of its frames can be shown. Upload another copy of it.', technical);
}

/** @param what such as `100,000,000 pixels` */
export function tooLarge({ width, height }: Size, limit: string, technical: Technical): PermanentError {
  const size = `${number(width)} x ${number(height)} pixels`;
  return new PermanentError('TOO_LARGE', `This image has ${size}, and at most ${limit} are allowed. Make it smaller, and upload it again.`, technical);
}

export function tooLargeForDecoder(format: string, technical: Technical): PermanentError {
  return new PermanentError('TOO_LARGE', `This ${nameOf(format)} image is too large to be processed. Make it smaller, and upload it again.`, technical);
}

export function tooManyFrames(technical: Technical): PermanentError {
  return new PermanentError('TOO_LARGE', 'This animation has too many frames or pixels. Make it shorter or smaller, and upload it again.', technical);
}

export function tooLargeRendition(name: string, { width, height }: Size, limit: string, technical: Technical): PermanentError {
  return new PermanentError('TOO_LARGE', `The rendition ${name} would have ${number(width)} x ${number(height)} pixels, and ${limit}. Upload a smaller image.`, technical);
}

export function sideLimit(format: EncodedFormat, limit: number): string {
  return `${nameOf(format)} holds at most ${number(limit)} on a side`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}
