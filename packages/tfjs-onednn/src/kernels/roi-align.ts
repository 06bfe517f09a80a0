import type { RoiAlignAttributes } from '@pffnet/structures';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, type EngineKernelsHere, type NativeKernel } from './kernel.ts';

type Call = Parameters<NativeKernel>[0];

/**
 * RoIAlign, for programs that run it as kernels of its own (tfjs has none); `@pffnet/tensor-ops` does.
 *
 * `RoiAlign`: inputs the levels [1, h, w, c] named `level0`, `level1` ...; output [n, side, side, c].
 * `RoiAlignGrad`: input dy; attribute `shapes`, those of the levels; outputs the gradient of each level.
 */
export const roiAlignKernels: EngineKernelsHere = { RoiAlign: roiAlign, RoiAlignGrad: roiAlignGrad };

function sizesOf(
  shapes: readonly (readonly number[])[],
  { levelOfBox, side, samples }: RoiAlignAttributes,
): Int32Array {
  const sizes = shapes.flatMap(([, height, width]) => [height, width]);
  return Int32Array.from([levelOfBox.length, side, samples, shapes[0][3], ...sizes]);
}

function roiAlign({ inputs, attrs, backend }: Call): TensorInfo | undefined {
  const levels = Object.keys(inputs).map((_, level) => inputs[`level${level}`]);
  if (!areFloats(...levels)) return undefined;
  const align = attrs as unknown as RoiAlignAttributes;
  const { rows, columns, levelOfBox, side } = align;
  const shapes = levels.map(({ shape }) => shape);
  const { info, values } = backend.output([levelOfBox.length, side, side, shapes[0][3]], 'float32');
  const maps = levels.map((level) => backend.floats(level));
  if (values.length > 0) backend.addon.roiAlign(maps, rows, columns, levelOfBox, values, sizesOf(shapes, align));
  return info;
}

function roiAlignGrad({ inputs: { dy }, attrs, backend }: Call): TensorInfo[] | undefined {
  if (!areFloats(dy)) return undefined;
  const align = attrs as unknown as RoiAlignAttributes;
  const { rows, columns, levelOfBox } = align;
  const shapes = attrs['shapes'] as number[][];
  const gradients = shapes.map((shape) => backend.output(shape, 'float32'));
  const maps = gradients.map(({ values }) => values);
  backend.addon.roiAlignGrad(maps, rows, columns, levelOfBox, backend.floats(dy), sizesOf(shapes, align));
  return gradients.map(({ info }) => info);
}
