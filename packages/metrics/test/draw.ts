import { type LabelMap, labelMap } from '@pffnet/structures';

/** A label map as text: one string per row, one character per pixel, `.` for background and digits for ids. */
export function draw(...rows: string[]): LabelMap {
  const ids = rows.flatMap((row) => [...row].map((pixel) => (pixel === '.' ? 0 : Number(pixel))));
  return labelMap(rows.length, rows[0]?.length ?? 0, ids);
}
