// @ts-check
/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ boxes: Box[], rows: { y: number, height: number, first: number }[], height: number }} Layout
 */

/** Narrower or wider pictures get a place of this shape, and stand in it whole. */
const NARROWEST = 0.3;
const WIDEST = 10;
/** How low a row of several pictures may be, of its target. */
const LOWEST = 0.75;
/** Pixels of a finger: no picture is narrower. */
const FINGER = 44;

/**
 * Places pictures in rows that go from edge to edge, in their order, each in its own shape.
 * @param {readonly number[]} ratios width / height
 * @param {number} width of the rows
 * @param {number} target height of a row, about
 * @param {number} gap
 * @returns {Layout}
 */
export function justify(ratios, width, target, gap) {
  /** @type {Layout} */
  const layout = { boxes: [], rows: [], height: 0 };
  const narrowest = Math.max(NARROWEST, FINGER / (LOWEST * target));
  const shapes = ratios.map((ratio) => Math.min(WIDEST, Math.max(narrowest, ratio)));
  let y = 0;
  for (let first = 0; first < shapes.length;) {
    const { count, height } = rowFrom(shapes, first, width, target, gap);
    layout.rows.push({ y, height, first });
    let x = 0;
    for (const ratio of shapes.slice(first, first + count)) {
      layout.boxes.push({ x, y, width: ratio * height, height });
      x += ratio * height + gap;
    }
    first += count;
    y += height + gap;
  }
  layout.height = Math.max(0, y - gap);
  return layout;
}

/**
 * As many pictures as bring the row closest to its height; the last row is not stretched.
 * @param {readonly number[]} shapes
 * @param {number} first
 * @param {number} width
 * @param {number} target
 * @param {number} gap
 */
function rowFrom(shapes, first, width, target, gap) {
  let sum = 0;
  for (let count = 1; first + count <= shapes.length; count += 1) {
    const before = heightOf(sum, count - 1, width, gap);
    sum += shapes[first + count - 1];
    const height = heightOf(sum, count, width, gap);
    if (height > target) continue;
    const isBetterWithout = count > 1 && (height < LOWEST * target || before / target < target / height);
    return isBetterWithout ? { count: count - 1, height: before } : { count, height };
  }
  return { count: shapes.length - first, height: target };
}

/**
 * @param {number} sum of the shapes
 * @param {number} count
 * @param {number} width
 * @param {number} gap
 */
function heightOf(sum, count, width, gap) {
  return (width - gap * (count - 1)) / sum;
}

/**
 * The rows that are in sight.
 * @param {Layout} layout
 * @param {number} top
 * @param {number} bottom
 * @returns {{ first: number, end: number }} of the pictures in them
 */
export function inSight({ rows, boxes }, top, bottom) {
  const firstRow = rowAt(rows, top);
  const lastRow = rowAt(rows, bottom);
  return { first: rows[firstRow]?.first ?? 0, end: rows[lastRow + 1]?.first ?? boxes.length };
}

/**
 * The last row that begins above `y`, or the first.
 * @param {Layout['rows']} rows
 * @param {number} y
 */
export function rowAt(rows, y) {
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (rows[middle].y <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
