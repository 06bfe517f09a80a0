import { type RgbImage, ShapeError } from '@pffnet/structures';

/** White, between and around the pictures. */
const PAPER = 255;

/**
 * Puts pictures side by side in rows, each in the middle of a cell as large as the largest.
 * @param columns - pictures in a row.
 * @param gap - pixels between cells and around them.
 * @throws ShapeError without any picture.
 */
export function contactSheet(
  pictures: readonly RgbImage[],
  { columns, gap }: { readonly columns: number; readonly gap: number },
): RgbImage {
  if (pictures.length === 0) throw new ShapeError('contactSheet: expected at least one picture');
  const cellHeight = Math.max(...pictures.map(({ height }) => height));
  const cellWidth = Math.max(...pictures.map(({ width }) => width));
  const across = Math.min(columns, pictures.length);
  const height = gap + Math.ceil(pictures.length / across) * (cellHeight + gap);
  const width = gap + across * (cellWidth + gap);
  const data = new Float32Array(height * width * 3).fill(PAPER);
  pictures.forEach((picture, index) => {
    const top = gap + Math.floor(index / across) * (cellHeight + gap) + ((cellHeight - picture.height) >> 1);
    const left = gap + (index % across) * (cellWidth + gap) + ((cellWidth - picture.width) >> 1);
    for (let row = 0; row < picture.height; row++) {
      const from = row * picture.width * 3;
      data.set(picture.data.subarray(from, from + picture.width * 3), ((top + row) * width + left) * 3);
    }
  });
  return { height, width, data };
}
