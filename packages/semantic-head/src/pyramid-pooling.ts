import { concat, matMul, relu, reshape, tensor2d, type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, type ParamScope, resizeBilinear } from '@pffnet/tensor-ops';

/** Rows and columns of the grids over which maps are averaged. */
const GRIDS = [1, 2, 3, 6] as const;

/** Sizes of a {@link pyramidPooling}. */
export interface PyramidPoolingSpec {
  /** A multiple of four times `groups`. */
  readonly channels: number;
  readonly groups: number;
}

/**
 * A map beside its averages over grids of 1, 2, 3 and 6 cells a side, each narrowed to a quarter of the channels (1x1
 * without bias, group norm, ReLU) and brought back to the map's size, bilinear. Parameters: `grid1`, `grid2`, `grid3`,
 * `grid6` with `conv` and `norm`.
 * @returns [1, h, w, channels] -> [1, h, w, 2 * channels].
 * @remarks Source: Zhao et al. 2017, "Pyramid scene parsing network", Section 3.2, with group norm.
 */
export function pyramidPooling(scope: ParamScope, { channels, groups }: PyramidPoolingSpec): (x: Tensor4D) => Tensor4D {
  const narrow = channels / GRIDS.length;
  const branches = GRIDS.map((cells) => {
    const at = scope.child(`grid${cells}`);
    const convolve = conv2d(at.child('conv'), { kernel: 1, inChannels: channels, outChannels: narrow, bias: false });
    const normalize = groupNorm(at.child('norm'), { channels: narrow, groups });
    return (x: Tensor4D): Tensor4D => {
      const [, height, width] = x.shape;
      return resizeBilinear(relu(normalize(convolve(averageOverGrid(x, cells)))), height, width);
    };
  });
  return (x) => tidy(() => concat([x, ...branches.map((branch) => branch(x))], 3));
}

/**
 * Means over the cells of a grid, as PyTorch's adaptive average pooling: cell i of n holds rows floor(i h / n) to
 * ceil((i + 1) h / n) - 1, so that cells share rows where n does not divide h.
 * @param x - [1, h, w, c].
 * @returns [1, cells, cells, c].
 */
export function averageOverGrid(x: Tensor4D, cells: number): Tensor4D {
  const [, height, width, channels] = x.shape;
  return tidy(() => {
    const rows = matMul(meansOf(height, cells), reshape(x, [height, width * channels])); // [cells, w * c]
    const turned = transpose(reshape(rows, [cells, width, channels]), [1, 0, 2]); // [w, cells, c]
    const means = matMul(meansOf(width, cells), reshape(turned, [width, cells * channels])); // [columns, rows * c]
    const upright = transpose(reshape(means, [cells, cells, channels]), [1, 0, 2]);
    return reshape(upright, [1, cells, cells, channels]);
  });
}

/** The matrix [cells, length] that takes the mean of each cell's part of an axis. */
function meansOf(length: number, cells: number): ReturnType<typeof tensor2d> {
  const weights = new Float32Array(cells * length);
  for (let cell = 0; cell < cells; cell++) {
    const begin = Math.floor((cell * length) / cells);
    const end = Math.ceil(((cell + 1) * length) / cells);
    weights.fill(1 / (end - begin), cell * length + begin, cell * length + end);
  }
  return tensor2d(weights, [cells, length]);
}
