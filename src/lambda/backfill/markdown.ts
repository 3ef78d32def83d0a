/* How reports write tables and numbers for people. */

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const row = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell)).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

export function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function dollars(amount: number): string {
  return amount.toFixed(amount < 1 ? 4 : 2);
}

export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
}
