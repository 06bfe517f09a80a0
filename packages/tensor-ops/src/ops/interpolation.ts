/**
 * The matrix that stretches `cells` cells over the interval [start, start + extent) of an axis of `length` pixels: pixel i
 * has its centre at i + 0.5 and reads the cells at (i + 0.5 - start) / extent * cells - 0.5, linearly between cell
 * centres, held at the first and last one.
 * @param start - where the interval begins, in pixels; may be outside.
 * @param extent - how long it is, in pixels; the matrix is zero unless positive.
 * @returns [length, cells] row-major; rows of pixels whose centre is outside the interval are zero.
 */
export function interpolationRows(start: number, extent: number, cells: number, length: number): Float32Array {
  const weights = new Float32Array(length * cells);
  const first = Math.max(Math.ceil(start - 0.5), 0);
  for (let pixel = first; pixel < length && pixel + 0.5 - start < extent; pixel++) {
    const position = ((pixel + 0.5 - start) / extent) * cells - 0.5;
    const held = Math.min(Math.max(position, 0), cells - 1);
    const before = Math.min(Math.floor(held), cells - 1);
    const after = Math.min(before + 1, cells - 1);
    weights[pixel * cells + before] += 1 - (held - before);
    weights[pixel * cells + after] += held - before;
  }
  return weights;
}

/** Each of `count` matrices [rows, columns] as [columns, rows]. */
export function transposed(matrices: Float32Array, count: number, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(matrices.length);
  for (let matrix = 0, from = 0; matrix < count; matrix++) {
    const start = matrix * rows * columns;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, from++) turned[start + column * rows + row] = matrices[from];
  }
  return turned;
}
