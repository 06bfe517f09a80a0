import {
  add,
  clone,
  customGrad,
  div,
  type GradSaveFunc,
  matMul,
  mul,
  neg,
  ones,
  reshape,
  relu,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
  zeros,
} from '@tensorflow/tfjs-core';
import { hasEngineKernel, runEngineKernel } from './engine-kernel.ts';
import { ShapeError } from '@pffnet/structures';

const EPSILON = 1e-5;

/** What follows a normalisation: nothing, or max(0, y). */
export type NormActivation = 'linear' | 'relu';

/**
 * Normalises each image's channels group by group: y = scale * (x - mean) / sqrt(variance + 1e-5) + shift, with mean
 * and (population) variance over the pixels and channels of a group; then applies the activation.
 * @param x - [b, h, w, c] or [n, c] float32.
 * @param scale - [c] float32.
 * @param shift - [c] float32.
 * @param groups - divides c.
 * @param activation - of y.
 * @returns the shape of `x`. Differentiable once in `x`, `scale` and `shift`.
 * @throws ShapeError if `groups` does not divide the channels.
 * @remarks Source: Wu & He 2018, Eq. 1-3. Sums over pixels are products with a row of ones, the fast form on every
 * engine; the gradient is written out, so that the tape keeps `x` and a few numbers per channel, nothing else. An engine
 * may register kernels `GroupNormalize` and `GroupNormalizeGrad`, which then take the place of all of it, and
 * `FusedGroupNormalize` and `FusedGroupNormalizeGrad`, which apply the activation in the same pass.
 */
export function groupNormalize<T extends Tensor4D | Tensor2D>(
  x: T,
  scale: Tensor,
  shift: Tensor,
  groups: number,
  activation: NormActivation = 'linear',
): T {
  const channels = x.shape[x.shape.length - 1];
  if (channels % groups !== 0) {
    throw new ShapeError(`groupNormalize: expected a number of channels that ${groups} groups divide, got ${channels}`);
  }
  const images = x.shape[0];
  const pixels = x.shape.length === 4 ? x.shape[1] * x.shape[2] : 1;
  const rows: [number, number, number] = [images, pixels, channels];

  /** [b, p, c] -> [b, 1, c] */
  const sumPixels = (values: Tensor3D): Tensor3D => (pixels === 1 ? values : matMul(ones([images, 1, pixels]), values));
  /** Sums per channel [b, 1, c] -> mean of each channel's group [b, 1, c]. */
  const groupMean = (sums: Tensor3D): Tensor3D => {
    const width = channels / groups;
    const means = div(sum(reshape(sums, [images, groups, width]), 2, true), width * pixels); // [b, g, 1]
    return reshape(tile(means, [1, 1, width]), [images, 1, channels]);
  };

  const normalizeNothing = customGrad((...args) => ({
    value: clone(args[0] as Tensor),
    gradFunc: () => [zeros(x.shape), zeros([channels]), zeros([channels])],
  }));
  const byKernel = (kernel: 'GroupNormalize' | 'FusedGroupNormalize') => {
    const within = kernel === 'FusedGroupNormalize' ? activation : 'linear';
    const attributes = { groups, epsilon: EPSILON, activation: within };
    return customGrad((...args) => {
      const [input, gamma, beta, save] = args as unknown as [T, Tensor, Tensor, GradSaveFunc];
      const [value, mean, rstd] = runEngineKernel(kernel, { x: input, scale: gamma, shift: beta }, attributes);
      save([input, gamma, beta, mean, rstd]);
      const gradFunc = (dy: Tensor, [x, scale, shift, mean, rstd]: Tensor[]): Tensor[] =>
        runEngineKernel(`${kernel}Grad`, { dy, x, scale, shift, mean, rstd }, attributes);
      return { value, gradFunc };
    });
  };
  const normalize = customGrad((...args) => {
    const [input, gamma, beta, save] = args as unknown as [T, Tensor, Tensor, GradSaveFunc];
    const flat: Tensor3D = reshape(input, rows);
    const mean = groupMean(sumPixels(flat));
    const centred: Tensor3D = sub(flat, mean);
    const rstd = rsqrt(add(groupMean(sumPixels(square(centred))), EPSILON)); // [b, 1, c]
    const value = reshape(add(mul(centred, mul(rstd, gamma)), beta), x.shape) as T;
    save([input, gamma, mean, rstd]);

    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [input, gamma, mean, rstd] = saved as [Tensor, Tensor, Tensor3D, Tensor3D];
      const flat: Tensor3D = reshape(input, rows);
      const upstream: Tensor3D = reshape(dy, rows);
      const sumDy = sumPixels(upstream); // [b, 1, c]
      const sumDyNormalized: Tensor3D = mul(sub(sumPixels(mul(upstream, flat)), mul(mean, sumDy)), rstd);
      // dx = rstd * (gamma * dy - m1 - normalized * m2), gathered into one factor for dy, one for x and a constant.
      const m1 = groupMean(mul(sumDy, gamma));
      const m2 = groupMean(mul(sumDyNormalized, gamma));
      const ofDy = mul(rstd, gamma);
      const ofX = neg(mul(square(rstd), m2));
      const offset = neg(add(mul(rstd, m1), mul(ofX, mean)));
      const dx = add(add(mul(upstream, ofDy), mul(flat, ofX)), offset);
      return [reshape(dx, x.shape), reshape(sum(sumDyNormalized, 0), [channels]), reshape(sum(sumDy, 0), [channels])];
    };
    return { value, gradFunc };
  });
  return tidy(() => {
    if (x.size === 0) return normalizeNothing(x, scale, shift) as T;
    if (activation === 'relu' && hasEngineKernel('FusedGroupNormalize')) {
      return byKernel('FusedGroupNormalize')(x, scale, shift) as T;
    }
    const form = hasEngineKernel('GroupNormalize') ? byKernel('GroupNormalize') : normalize;
    const y = form(x, scale, shift) as T;
    return activation === 'relu' ? relu(y) : y;
  });
}
