import { renderUnicodeCompact } from 'uqr';

const LIGHT_ON_DARK = '\u001b[97;40m';
const RESET = '\u001b[0m';

/** A text as a QR code of characters. In a terminal its colours are told, which may be the other way round there. */
export function qrCode(text: string, isTerminal = process.stdout.isTTY): string {
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n');
  return lines.map((line) => (isTerminal ? `${LIGHT_ON_DARK}${line}${RESET}` : line)).join('\n');
}
