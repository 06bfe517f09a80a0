import type { GroupNormalizeAttributes } from '@pffnet/structures';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT } from './convolution.ts';
import type { NativeEngine } from '../native/native-engine.ts';
import { requireNative } from '../native-of.ts';
import { blocksOf, microsecondsFor, type Pixels, sumColumns } from './sum-columns.ts';

/*
 * Group normalisation as two kernels of our own, which tensor-ops runs where they exist. Statistics per image and group
 * are few, and are worked out here in double precision; the passes over all pixels are native.
 */

/**
 * Inputs x [b, ..., c], scale [c], shift [c]; attributes groups, epsilon. Outputs y, and per image and group the mean and
 * 1 / standard deviation, [b, groups].
 */
export const groupNormalize: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, scale, shift } = inputs as Record<'x' | 'scale' | 'shift', TensorInfo>;
  const { groups, epsilon } = attrs as unknown as GroupNormalizeAttributes;
  const wasm = backend as BackendWasm;
  const native = requireNative(wasm);
  const y = wasm.makeOutput(x.shape, 'float32');
  const pixels = pixelsOf(wasm, x);
  const { images, channels } = pixels;

  const sums = sumColumns(native, pixels, { kind: 'columnSums' })[0];
  const mean = Float32Array.from(groupMeans(sums, pixels, groups));
  const centre = new Float32Array(images * channels);
  eachChannel(pixels, groups, (index, _channel, group) => (centre[index] = mean[group]));
  const squares = native.withFloats(centre, (centre) =>
    sumColumns(native, pixels, { kind: 'centredSquareSums', centre }),
  );
  const rstd = Float32Array.from(
    groupMeans(squares[0], pixels, groups),
    (variance) => 1 / Math.sqrt(variance + epsilon),
  );

  const [gamma, beta] = [scale, shift].map((tensor) => wasm.typedArrayFromHeap(tensor));
  const factor = new Float32Array(images * channels);
  const offset = new Float32Array(images * channels);
  eachChannel(pixels, groups, (index, channel, group) => {
    factor[index] = rstd[group] * gamma[channel];
    offset[index] = beta[channel];
  });
  mapPixels(native, 'normalizeChannels', pixels, addressOf(wasm, y), [centre, factor, offset]);
  return [y, ...[mean, rstd].map((values) => wasm.makeOutput([images, groups], 'float32', undefined, values))];
};

/**
 * Inputs dy and x [b, ..., c], scale [c], mean and rstd [b, groups] from {@link groupNormalize}; attribute groups.
 * Outputs the gradients in x, scale and shift.
 */
export const groupNormalizeGrad: KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, x, scale, mean, rstd } = inputs as Record<'dy' | 'x' | 'scale' | 'mean' | 'rstd', TensorInfo>;
  const { groups } = attrs as unknown as GroupNormalizeAttributes;
  const wasm = backend as BackendWasm;
  const native = requireNative(wasm);
  const dx = wasm.makeOutput(x.shape, 'float32');
  const pixels = pixelsOf(wasm, dy);
  const { images, channels } = pixels;
  const other = addressOf(wasm, x);
  const [sumDy, sumDyX] = sumColumns(native, pixels, { kind: 'productSums', other });
  const [gamma, means, rstds] = [scale, mean, rstd].map((tensor) => wasm.typedArrayFromHeap(tensor));

  // dx = rstd * (gamma * dy - m1 - normalized * m2), gathered into one factor for dy, one for x and an offset.
  const dScale = new Float64Array(channels);
  const dShift = new Float64Array(channels);
  const ofMean1 = new Float64Array(images * channels);
  const ofMean2 = new Float64Array(images * channels);
  eachChannel(pixels, groups, (index, channel, group) => {
    const sumDyNormalized = (sumDyX[index] - means[group] * sumDy[index]) * rstds[group];
    ofMean1[index] = sumDy[index] * gamma[channel];
    ofMean2[index] = sumDyNormalized * gamma[channel];
    dScale[channel] += sumDyNormalized;
    dShift[channel] += sumDy[index];
  });
  const m1 = groupMeans(ofMean1, pixels, groups);
  const m2 = groupMeans(ofMean2, pixels, groups);
  const [ofDy, ofX, offset] = [0, 1, 2].map(() => new Float32Array(images * channels));
  eachChannel(pixels, groups, (index, channel, group) => {
    const factor = -rstds[group] * rstds[group] * m2[group];
    ofDy[index] = rstds[group] * gamma[channel];
    ofX[index] = factor;
    offset[index] = -(rstds[group] * m1[group] + factor * means[group]);
  });
  mapPixels(native, 'combineChannels', { ...pixels, other }, addressOf(wasm, dx), [ofDy, ofX, offset]);
  return [
    dx,
    ...[dScale, dShift].map((sums) => wasm.makeOutput([channels], 'float32', undefined, Float32Array.from(sums))),
  ];
};

const pixelsOf = (wasm: BackendWasm, x: TensorInfo): Pixels => ({
  source: addressOf(wasm, x),
  images: x.shape[0],
  pixels: util.sizeFromShape(x.shape.slice(1, -1)),
  channels: x.shape[x.shape.length - 1],
});

/** Visits [image][channel] and the [image][group] it belongs to. */
function eachChannel(
  { images, channels }: Pixels,
  groups: number,
  visit: (index: number, channel: number, group: number) => void,
): void {
  const width = channels / groups;
  for (let image = 0, index = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++, index++) {
      visit(index, channel, image * groups + Math.floor(channel / width));
    }
  }
}

/** Sums over pixels [image][channel] -> mean over the pixels and channels of a group [image][group]. */
function groupMeans(sums: Float64Array, pixels: Pixels, groups: number): Float64Array {
  const means = new Float64Array(pixels.images * groups);
  const share = groups / (pixels.channels * pixels.pixels);
  eachChannel(pixels, groups, (index, _channel, group) => (means[group] += sums[index] * share));
  return means;
}

/** Applies an affine map with coefficients per image and channel to every pixel. */
function mapPixels(
  native: NativeEngine,
  kernel: 'normalizeChannels' | 'combineChannels',
  pixels: Pixels & { readonly other?: number },
  target: number,
  coefficients: readonly Float32Array[],
): void {
  const { source, other = source, images, channels } = pixels;
  const { blockPixels, blocks } = blocksOf(pixels);
  const size = images * channels;
  const together = new Float32Array(coefficients.length * size);
  coefficients.forEach((values, index) => together.set(values, index * size));
  native.withFloats(together, (first) => {
    const [second, third] = [1, 2].map((index) => first + index * size * FLOAT);
    const work = { tasks: images * blocks, microseconds: 2 * microsecondsFor(pixels) };
    const shape = { pixels: pixels.pixels, channels, blockPixels, blocks };
    native.share(kernel, work, { source, other, target, first, second, third, ...shape });
  });
}
