import {
  add,
  addN,
  cast,
  clipByValue,
  customGrad,
  floor,
  gather,
  type GradSaveFunc,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
  unsortedSegmentSum,
} from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';

/**
 * Reads a map at places that are themselves predicted, bilinearly; beyond the border it is zero.
 * @param map - [1, h, w, c] float32.
 * @param rows - [n] in cells, 0 = centre of the first.
 * @param columns - [n] in cells.
 * @returns [n, c]. Differentiable once in all three; at a cell's centre the slope is that of the cells behind it.
 * @remarks Four gathers, one per neighbour, and four sums by cell on the way back. Source: Jaderberg et al. 2015 (spatial
 * transformers), Section 3.3.
 */
export function sampleBilinear(map: Tensor4D, rows: Tensor1D, columns: Tensor1D): Tensor2D {
  assertShape('sampleBilinear', 'map', map, [1, 'h', 'w', 'c']);
  assertShape('sampleBilinear', 'rows', rows, ['n']);
  assertShape('sampleBilinear', 'columns', columns, rows.shape);
  const [, height, width, channels] = map.shape;
  const sample = customGrad((...args) => {
    const [input, y, x, save] = args as unknown as [Tensor4D, Tensor1D, Tensor1D, GradSaveFunc];
    save([input, y, x]);
    const flat: Tensor2D = reshape(input, [height * width, channels]);
    const parts = cornersOf(y, x, height, width).map(({ cell, weight }) =>
      mul(gather(flat, cell), reshape(weight, [-1, 1])),
    );
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [input, y, x] = saved as [Tensor4D, Tensor1D, Tensor1D];
      const flat: Tensor2D = reshape(input, [height * width, channels]);
      const corners = cornersOf(y, x, height, width);
      const ofMap = corners.map(({ cell, weight }) =>
        unsortedSegmentSum(mul(dy, reshape(weight, [-1, 1])), cell, height * width),
      );
      const agreement = corners.map(({ cell }) => sum(mul(gather(flat, cell), dy), 1)); // [n] each
      const slope = (of: 'byRow' | 'byColumn'): Tensor => addN(corners.map((at, i) => mul(at[of], agreement[i])));
      return [reshape(addN(ofMap), input.shape), slope('byRow'), slope('byColumn')];
    };
    return { value: addN(parts), gradFunc };
  });
  return tidy(() => sample(map, rows, columns) as Tensor2D);
}

/** One of the four cells around every place. */
interface Corner {
  /** [n] int32 index of the cell, held inside the map. */
  readonly cell: Tensor1D;
  /** [n] its share; 0 for a cell beyond the border. */
  readonly weight: Tensor1D;
  /** [n] how the share grows with the row, and with the column. */
  readonly byRow: Tensor1D;
  readonly byColumn: Tensor1D;
}

function cornersOf(rows: Tensor1D, columns: Tensor1D, height: number, width: number): Corner[] {
  const [above, left] = [floor(rows), floor(columns)];
  const [down, across]: [Tensor1D, Tensor1D] = [sub(rows, above), sub(columns, left)];
  return [0, 1].flatMap((below) =>
    [0, 1].map((right): Corner => {
      const row = add(above, below);
      const column = add(left, right);
      const inside: Tensor1D = cast(
        logicalAnd(
          logicalAnd(greaterEqual(row, 0), lessEqual(row, height - 1)),
          logicalAnd(greaterEqual(column, 0), lessEqual(column, width - 1)),
        ),
        'float32',
      );
      const ofRow: Tensor1D = mul(below === 1 ? down : sub(1, down), inside);
      const ofColumn: Tensor1D = right === 1 ? across : sub(1, across);
      const held: Tensor1D = add(mul(clipByValue(row, 0, height - 1), width), clipByValue(column, 0, width - 1));
      return {
        cell: cast(held, 'int32'),
        weight: mul(ofRow, ofColumn),
        byRow: mul(mul<Tensor1D>(ofColumn, inside), below === 1 ? 1 : -1),
        byColumn: mul(ofRow, right === 1 ? 1 : -1),
      };
    }),
  );
}
