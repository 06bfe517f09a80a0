import { FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND, type NativeEngine } from '../native/native-engine.ts';

/** [row][count] in the heap. */
export interface Rows {
  readonly source: number;
  readonly rows: number;
  readonly count: number;
}

/** The most numbers per task, if a row has more. */
const TASK_COUNT = 32 * 1024;
const DOUBLE = 8;

/** The sum of each row, or of its squares, in double precision throughout. */
export function sumRows(
  native: NativeEngine,
  { source, rows, count }: Rows,
  summand: 'value' | 'square' = 'value',
): Float64Array {
  const sums = new Float64Array(rows);
  if (rows === 0 || count === 0) return sums;
  const blockCount = Math.min(count, TASK_COUNT);
  const blocks = Math.ceil(count / blockCount);
  const taskRows = Math.ceil(TASK_COUNT / blockCount);
  native.withScratch(rows * blocks * DOUBLE, (target) => {
    native.share(
      summand === 'square' ? 'rowSquareSums' : 'rowSums',
      {
        tasks: Math.ceil(rows / taskRows) * blocks,
        microseconds: (2 * rows * count * FLOAT) / BYTES_PER_MICROSECOND, // slower than copying
      },
      { source, target, rows, count, taskRows, blockCount, blocks },
    );
    native.doubles(target, rows * blocks).forEach((sum, index) => (sums[Math.floor(index / blocks)] += sum));
  });
  return sums;
}
