/**
 * A document with its blocks of one kind written anew. A block stands between `<!-- <kind>: <words> -->` and
 * `<!-- /<kind> -->`.
 * @param {string} text
 * @param {string} kind
 * @param {(words: string) => string} write what belongs into the block of those words
 */
export function withBlocks(text, kind, write) {
  const block = new RegExp(`(<!-- ${kind}: (.+) -->\\n)[^]*?(<!-- /${kind} -->)`, 'g');
  return text.replace(
    block,
    (_, start, words, end) =>
      `${start}<!-- prettier-ignore-start -->\n\n${write(words)}\n\n<!-- prettier-ignore-end -->\n${end}`,
  );
}

/**
 * A table.
 * @param {string[]} heads
 * @param {(string | number)[][]} rows
 * @param {string[]} rules how columns are set, such as `---:`; to the left by default
 */
export function markdownTable(heads, rows, rules = heads.map(() => '---')) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(rules), ...rows.map(line)].join('\n');
}

/** The rules of a table of numbers whose first column is text. */
export const numbers = (heads) => heads.map((_, column) => (column === 0 ? '---' : '---:'));
