/** A table as CSV: one line per row, fields quoted where they hold commas, quotes or line breaks (RFC 4180). */
export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** What is undefined is an empty field. */
function field(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
