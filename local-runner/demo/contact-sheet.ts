import { STYLE } from './contact-sheet-style';
import { count, formatBytes, formatPixels, formatSaving, formatTime } from './format';
import { Outcome, processingTime, renditionsOf, skippedOf } from './outcome';
import { totalsOf } from './report';
import type { RenditionFacts } from '../../src/contract';

/** Formats that browsers show. */
const SHOWN = ['jpeg', 'png', 'webp', 'avif', 'gif'];
/** Of these, formats that can be transparent. */
const TRANSPARENT = ['png', 'webp', 'avif', 'gif'];
/** Pixels that a preview should at least have on its longer side, to be sharp. */
const PREVIEW_SIDE = 640;

type Completed = Extract<Outcome, { state: 'COMPLETED' }>;
type Other = Exclude<Outcome, Completed>;

/** A page that shows all renditions from the files beside it; it loads nothing else and runs no script. */
export function contactSheet(outcomes: readonly Outcome[], elapsedMs: number): string {
  const completed = outcomes.filter((outcome) => outcome.state === 'COMPLETED');
  const others = outcomes.filter((outcome) => outcome.state !== 'COMPLETED');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<title>Contact sheet</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Contact sheet</h1>
${totals(outcomes, elapsedMs)}
</header>
<main>
${completed.length ? `<section aria-labelledby="images"><h2 id="images">Renditions <small>Bars: size in relation to the original</small></h2><div class="grid">${completed.map(card).join('\n')}</div></section>` : ''}
${others.length ? `<section aria-labelledby="others"><h2 id="others">Without renditions</h2><ul class="others">${others.map(otherItem).join('\n')}</ul></section>` : ''}
</main>
</body>
</html>
`;
}

function totals(outcomes: readonly Outcome[], elapsedMs: number): string {
  const { states, renditions, bytesIn, bytesOut, saved } = totalsOf(outcomes);
  const facts: [string, string][] = [
    ...(bytesIn > 0 ? [['saved for visitors', `${formatBytes(saved)} (${Math.round((100 * saved) / bytesIn)} %)`] as [string, string]] : []),
    ['completed', String(states.COMPLETED)],
    ['failed', String(states.FAILED + states.ERROR)],
    ['ignored', String(states.IGNORED)],
    ['renditions', String(renditions)],
    ['originals', formatBytes(bytesIn)],
    ['all renditions', formatBytes(bytesOut)],
    ['total time', formatTime(elapsedMs)],
  ];
  return `<dl class="totals">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

function card({ input, record }: Completed): string {
  const renditions = renditionsOf(record);
  const preview = previewOf(renditions);
  const time = processingTime(record);
  const original = record.original && [formatPixels(record.original), record.original.format.toUpperCase(), formatBytes(record.original.bytes)].join(' · ');
  return `<article class="card">
${preview ? `<a class="preview${TRANSPARENT.includes(preview.format) ? ' alpha' : ''}" href="${href(preview)}">${image(preview, input.key)}</a>` : '<p class="preview">no preview in this format</p>'}
<div class="facts">
<h3 title="${escape(input.key)}">${escape(input.key)}</h3>
<p>${original ?? ''}${time === undefined ? '' : ` · ${formatTime(time)}`}</p>
</div>
<ul class="renditions">${renditions.map(renditionItem).join('')}</ul>
${skippedList(record)}</article>`;
}

function skippedList(record: Completed['record']): string {
  const items = skippedOf(record).map(({ name, code, message }) => `<li class="failed"><span class="badge">${escape(code)}</span> <b>${escape(name)}</b><p>${escape(message)}</p></li>`);
  return items.length > 0 ? `<ul class="others">${items.join('')}</ul>\n` : '';
}

function renditionItem(rendition: RenditionFacts): string {
  const share = Math.min(100, Math.max(0.5, 100 - rendition.reductionPercent));
  return `<li><a href="${href(rendition)}">
<span class="thumb">${SHOWN.includes(rendition.format) ? image(rendition, '') : ''}</span>
<span class="what"><b>${escape(rendition.profile)}</b> ${formatPixels(rendition)} · ${escape(rendition.format.toUpperCase())}</span>
<span class="size">${formatBytes(rendition.bytes)} <em${rendition.reductionPercent < 0 ? ' class="larger"' : ''}>${formatSaving(rendition.reductionPercent)}</em></span>
<span class="bar" aria-hidden="true"><i style="width:${share.toFixed(1)}%"></i></span>
</a></li>`;
}

function otherItem(outcome: Other): string {
  const code = outcome.state === 'IGNORED' ? 'IGNORED' : outcome.code;
  const detail = 'detail' in outcome && outcome.detail !== undefined ? `<p><small>${escape(outcome.detail)}</small></p>` : '';
  return `<li class="${outcome.state.toLowerCase()}"><span class="badge">${escape(code)}</span> <b>${escape(outcome.input.key)}</b> <span>${count(outcome.input.bytes, 'byte')}</span><p>${escape(outcome.message)}</p>${detail}</li>`;
}

/** The smallest rendition that is large enough, else the largest. */
function previewOf(renditions: readonly RenditionFacts[]): RenditionFacts | undefined {
  const side = ({ width, height }: RenditionFacts) => Math.max(width, height);
  const shown = renditions.filter(({ format }) => SHOWN.includes(format)).sort((a, b) => side(a) - side(b));
  return shown.find((rendition) => side(rendition) >= PREVIEW_SIDE) ?? shown.at(-1);
}

function image(rendition: RenditionFacts, alt: string): string {
  return `<img src="${href(rendition)}" width="${rendition.width}" height="${rendition.height}" alt="${escape(alt)}" loading="lazy" decoding="async">`;
}

/** A link to the file beside the page; never one with a scheme. */
function href({ key }: RenditionFacts): string {
  return escape(`./${key.split('/').map(encodeURIComponent).join('/')}`);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
