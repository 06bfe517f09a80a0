import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, type EngineKernelsHere, type NativeKernel, sizeOf } from './kernel.ts';

type Call = Parameters<NativeKernel>[0];

/**
 * Group normalisation, for programs that run it as kernels of its own (tfjs has none); `@pffnet/tensor-ops` does.
 *
 * `GroupNormalize`: inputs x [b, ..., c], scale [c], shift [c]; attributes groups, epsilon; outputs y and per image and
 * group the mean and 1 / standard deviation [b, groups]. `GroupNormalizeGrad`: inputs dy and x [b, ..., c], scale, mean,
 * rstd; outputs the gradients in x, scale and shift. `Fused...`: the same with the attribute activation, `linear` or
 * `relu`; the gradient then takes shift too.
 */
export const groupNormKernels: EngineKernelsHere = {
  GroupNormalize: groupNormalize,
  GroupNormalizeGrad: groupNormalizeGrad,
  FusedGroupNormalize: groupNormalize,
  FusedGroupNormalizeGrad: groupNormalizeGrad,
};

/** The addon's numbers for x, or undefined for an activation that it does not know. */
function layoutOf(x: TensorInfo, attrs: Call['attrs']): Int32Array | undefined {
  const activation = (attrs['activation'] ?? 'linear') as string;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  const [images, channels] = [x.shape[0], x.shape[x.shape.length - 1]];
  const pixels = sizeOf(x) / (images * channels);
  return Int32Array.of(images, pixels, channels, attrs['groups'] as number, Number(activation === 'relu'));
}

function groupNormalize({ inputs: { x, scale, shift }, attrs, backend }: Call): TensorInfo[] | undefined {
  if (!areFloats(x, scale, shift) || sizeOf(x) === 0) return undefined;
  const layout = layoutOf(x, attrs);
  if (layout === undefined) return undefined;
  const y = backend.output(x.shape, 'float32');
  const [mean, rstd] = [1, 2].map(() => backend.output([x.shape[0], attrs['groups'] as number], 'float32'));
  backend.addon.groupNormalize(
    backend.floats(x),
    backend.floats(scale),
    backend.floats(shift),
    y.values,
    mean.values,
    rstd.values,
    layout,
    attrs['epsilon'] as number,
  );
  return [y.info, mean.info, rstd.info];
}

function groupNormalizeGrad({ inputs, attrs, backend }: Call): TensorInfo[] | undefined {
  const { dy, x, scale, mean, rstd, shift = scale } = inputs; // without an activation the shift does not matter
  if (!areFloats(dy, x, scale, shift) || sizeOf(x) === 0) return undefined;
  const layout = layoutOf(x, attrs);
  if (layout === undefined) return undefined;
  const dx = backend.output(x.shape, 'float32');
  const [dscale, dshift] = [1, 2].map(() => backend.output(scale.shape, 'float32'));
  backend.addon.groupNormalizeGrad(
    backend.floats(dy),
    backend.floats(x),
    backend.floats(scale),
    backend.floats(shift),
    backend.floats(mean),
    backend.floats(rstd),
    dx.values,
    dscale.values,
    dshift.values,
    layout,
    attrs['epsilon'] as number,
  );
  return [dx.info, dscale.info, dshift.info];
}
