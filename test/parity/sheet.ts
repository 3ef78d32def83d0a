/** A page that shows the worst pairs side by side. */
import sharp from 'sharp';
import { differenceOf } from './compare';
import type { Exception } from './exceptions';
import { Verdict, worst } from './judge';
import type { Picture } from './views';

interface Entry {
  readonly error: number;
  readonly html: string;
}

export class Sheet {
  private readonly pairs: Entry[] = [];
  private readonly rows: string[] = [];

  /** @param most so many pairs are shown */
  constructor(private readonly most: number) {}

  async add(verdict: Verdict, exception?: Exception): Promise<void> {
    const { original, outcome, message = '', problem } = verdict;
    const note = exception ? `documented: ${exception.line}` : problem ?? '';
    const pair = worst(verdict);
    if (!pair) {
      if (problem) this.rows.push(row(original.name, outcome, message, note));
      return;
    }
    if (this.pairs.length >= this.most && pair.error <= this.pairs[this.pairs.length - 1].error) return;
    const pictures = await Promise.all([pair.shown, pair.rendition, differenceOf(pair.rendition, pair.shown)].map(png));
    const numbers = `error ${pair.error.toFixed(2)}, structure ${pair.similarity.toFixed(3)}`;
    this.pairs.push({
      error: pair.error,
      html: `<section${problem && !exception ? ' class="problem"' : ''}><h2>${escape(original.name)}</h2><p>${escape(`${pair.view}: ${numbers}. ${note}`)}</p>`
        + `<div>${pictures.map((source, at) => `<figure><img src="${source}" alt=""><figcaption>${CAPTIONS[at]}</figcaption></figure>`).join('')}</div></section>`,
    });
    this.pairs.sort((one, other) => other.error - one.error);
    this.pairs.length = Math.min(this.pairs.length, this.most);
  }

  html(summary: string): string {
    const table = this.rows.length === 0 ? '' : `<h2>Without a pair</h2><table>${row('original', 'record', 'message', 'what is amiss')}${this.rows.join('')}</table>`;
    return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Parity</title><style>${STYLE}</style>`
      + `<h1>Renditions beside what a browser shows</h1><p>${escape(summary)}</p>${this.pairs.map(({ html }) => html).join('\n')}\n${table}</html>\n`;
  }
}

const CAPTIONS = ['as shown', 'rendition', 'difference, four times'];

const STYLE = `
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; background: #f4f4f4; color: #222 }
section { background: white; border-left: 6px solid #9a9; margin: 0 0 1rem; padding: .5rem 1rem; overflow-wrap: anywhere }
section.problem { border-color: #c33 }
h2 { font-size: 1rem; margin: 0 }
p { margin: .2rem 0 }
div { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0 }
img { display: block; min-width: 120px; image-rendering: pixelated; border: 1px solid #ccc }
figcaption { font-size: .8rem; color: #555 }
td { border-top: 1px solid #ccc; padding: .2rem .6rem; vertical-align: top; overflow-wrap: anywhere }`;

function row(...cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
}

async function png({ data, width, height }: Picture): Promise<string> {
  const encoded = await sharp(data, { raw: { width, height, channels: 3 } }).png().toBuffer();
  return `data:image/png;base64,${encoded.toString('base64')}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
