// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of our own styles
const styles = /\u001b\[\d+m/g;

/** Lays rows out in aligned columns; styles take no room. The last column is not padded. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, visibleLength(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - visibleLength(cell)),
    );
    return (indent + cells.join('  ')).trimEnd();
  });
}

function visibleLength(text: string): number {
  return [...text.replace(styles, '')].length;
}
