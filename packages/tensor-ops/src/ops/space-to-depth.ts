import { reshape, type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { ShapeError } from '@pffnet/structures';

/**
 * Packs each block of cells into channels: out[y, x, c * r * r + r * i + j] = in[y * r + i, x * r + j, c].
 * @param x - [b, h, w, c] float32.
 * @param block - r, divides h and w.
 * @returns [b, h / r, w / r, c * r * r], channels in PyTorch's order (pixel_unshuffle). Differentiable in `x`.
 * @throws ShapeError if `block` does not divide h and w.
 */
export function spaceToDepth(x: Tensor4D, block: number): Tensor4D {
  assertShape('spaceToDepth', 'x', x, ['b', 'h', 'w', 'c']);
  const [b, h, w, c] = x.shape;
  if (h % block !== 0 || w % block !== 0) {
    throw new ShapeError(`spaceToDepth: expected rows and columns that ${block} divides, got ${h} x ${w}`);
  }
  const packed: Tensor4D['shape'] = [b, h / block, w / block, c * block * block];
  return tidy(() => {
    if (x.size === 0) return reshape(x, packed); // WASM cannot transpose nothing
    const blocks = reshape(x, [(b * h) / block, block, w / block, block, c]);
    return reshape(transpose(blocks, [0, 2, 4, 1, 3]), packed);
  });
}

/**
 * Spreads channels over blocks of cells, the inverse of {@link spaceToDepth}:
 * out[y * r + i, x * r + j, c] = in[y, x, c * r * r + r * i + j].
 * @param x - [b, h, w, c * r * r] float32.
 * @param block - r.
 * @returns [b, h * r, w * r, c], channels read in PyTorch's order (pixel_shuffle). Differentiable in `x`.
 * @throws ShapeError if r * r does not divide the channels.
 * @remarks Source: Shi et al. 2016, Eq. 4.
 */
export function pixelShuffle(x: Tensor4D, block: number): Tensor4D {
  assertShape('pixelShuffle', 'x', x, ['b', 'h', 'w', 'c']);
  const [b, h, w, packed] = x.shape;
  const c = packed / (block * block);
  if (!Number.isInteger(c)) {
    throw new ShapeError(`pixelShuffle: expected a number of channels that ${block * block} divides, got ${packed}`);
  }
  const spread: Tensor4D['shape'] = [b, h * block, w * block, c];
  return tidy(() => {
    if (x.size === 0) return reshape(x, spread);
    const cells = reshape(x, [b * h, w, c, block, block]);
    return reshape(transpose(cells, [0, 3, 1, 4, 2]), spread);
  });
}
