import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Values } from '../addon.ts';
import type { OnednnBackend } from '../onednn-backend.ts';
import { isPlain, type NativeKernel, type NativeKernels, reshaped, sizeOf, stridesOf } from './kernel.ts';

type Arguments = Parameters<NativeKernel>[0];

/** Kernels that move numbers without changing them. */
export const layoutKernels: NativeKernels = {
  Concat: concat,
  Fill: fill,
  GatherV2: gather,
  OnesLike: ({ inputs: { x }, backend }) => filled(x.shape, x.dtype, 1, backend),
  Pack: pack,
  PadV2: pad,
  Reverse: reverse,
  Slice: slice,
  SplitV: split,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  UnsortedSegmentSum: unsortedSegmentSum,
  ZerosLike: ({ inputs: { x }, backend }) => filled(x.shape, x.dtype, 0, backend),
};

/** One end of a copy: an array, where to begin in it, the step along each axis. */
interface Place {
  readonly values: Values;
  readonly offset: number;
  readonly strides: readonly number[];
}

function copy(shape: readonly number[], from: Place, to: Place, backend: OnednnBackend): void {
  if (util.sizeFromShape([...shape]) === 0) return;
  const layout = Int32Array.from([shape.length, ...shape, ...from.strides, ...to.strides]);
  backend.addon.copy(from.values, from.offset, to.values, to.offset, layout);
}

function dense(values: Values, shape: readonly number[]): Place {
  return { values, offset: 0, strides: stridesOf(shape) };
}

/** A tensor with its axes in another order. */
export function transposed(x: TensorInfo, perm: readonly number[], backend: OnednnBackend): TensorInfo {
  const shape = perm.map((axis) => x.shape[axis]);
  const { info, values } = backend.output(shape, x.dtype);
  const steps = stridesOf(x.shape);
  const from = { values: backend.values(x), offset: 0, strides: perm.map((axis) => steps[axis]) };
  copy(shape, from, dense(values, shape), backend);
  return info;
}

function transpose({ inputs: { x }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!isPlain(x.dtype)) return undefined;
  const perm = attrs['perm'] as number[];
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, place) => place === 0 || moved[place - 1] < axis)) {
    const shape = perm.map((axis) => x.shape[axis]); // only axes of size 1 change places
    return reshaped(x, shape, backend);
  }
  return transposed(x, perm, backend);
}

function slice({ inputs: { x }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!isPlain(x.dtype)) return undefined;
  const tensor = x as Parameters<typeof slice_util.parseSliceParams>[0];
  const [begin, size] = slice_util.parseSliceParams(tensor, attrs['begin'] as number[], attrs['size'] as number[]);
  slice_util.assertParamsValid(tensor, begin, size);
  return window(x, begin, size, backend);
}

/** The part of a tensor that begins at `begin` and has the shape `size`. */
function window(x: TensorInfo, begin: readonly number[], size: readonly number[], backend: OnednnBackend): TensorInfo {
  const { info, values } = backend.output(size, x.dtype);
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((total, start, axis) => total + start * strides[axis], 0);
  copy(size, { values: backend.values(x), offset, strides }, dense(values, size), backend);
  return info;
}

function split({ inputs: { x }, attrs, backend }: Arguments): TensorInfo[] | undefined {
  if (!isPlain(x.dtype)) return undefined;
  const [axis] = util.parseAxisParam(attrs['axis'] as number, x.shape);
  const sizes = backend_util.prepareSplitSize(x as never, attrs['numOrSizeSplits'] as number[] | number, axis);
  const begin = new Array<number>(x.shape.length).fill(0);
  return sizes.map((size) => {
    const part = window(x, begin, x.shape.with(axis, size), backend);
    begin[axis] += size;
    return part;
  });
}

function unpack({ inputs: { value }, attrs, backend }: Arguments): TensorInfo[] | undefined {
  if (!isPlain(value.dtype)) return undefined;
  const [axis] = util.parseAxisParam(attrs['axis'] as number, value.shape);
  const begin = new Array<number>(value.shape.length).fill(0);
  const shape = value.shape.filter((_, index) => index !== axis);
  return Array.from({ length: value.shape[axis] }, (_, index) => {
    begin[axis] = index;
    return { ...window(value, begin, value.shape.with(axis, 1), backend), shape: [...shape] };
  });
}

function pad({ inputs: { x }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!isPlain(x.dtype)) return undefined;
  const paddings = attrs['paddings'] as [number, number][];
  const shape = x.shape.map((size, axis) => paddings[axis][0] + size + paddings[axis][1]);
  const { info, values } = backend.output(shape, x.dtype);
  if (values.length > sizeOf(x)) backend.addon.fill(values, attrs['constantValue'] as number);
  const strides = stridesOf(shape);
  const offset = paddings.reduce((total, [before], axis) => total + before * strides[axis], 0);
  copy(x.shape, dense(backend.values(x), x.shape), { values, offset, strides }, backend);
  return info;
}

function tile({ inputs: { x }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!isPlain(x.dtype)) return undefined;
  const reps = attrs['reps'] as number[];
  const shape = x.shape.map((size, axis) => size * reps[axis]);
  const { info, values } = backend.output(shape, x.dtype);
  const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
  // Each axis becomes two: the repetitions, along which the source stands still, and the axis itself.
  const loops = x.shape.flatMap((size, axis) => [reps[axis], size]);
  const source = { values: backend.values(x), offset: 0, strides: from.flatMap((step) => [0, step]) };
  const target = { values, offset: 0, strides: to.flatMap((step, axis) => [step * x.shape[axis], step]) };
  copy(loops, source, target, backend);
  return info;
}

function reverse({ inputs: { x }, attrs, backend }: Arguments): TensorInfo | undefined {
  if (!isPlain(x.dtype)) return undefined;
  const turned = new Set(util.parseAxisParam(attrs['dims'] as number[], x.shape));
  const { info, values } = backend.output(x.shape, x.dtype);
  const steps = stridesOf(x.shape);
  const offset = steps.reduce((total, step, axis) => total + (turned.has(axis) ? step * (x.shape[axis] - 1) : 0), 0);
  const strides = steps.map((step, axis) => (turned.has(axis) ? -step : step));
  copy(x.shape, { values: backend.values(x), offset, strides }, dense(values, x.shape), backend);
  return info;
}

function concat({ inputs, attrs, backend }: Arguments): TensorInfo | undefined {
  const parts = Object.values(inputs);
  const { dtype } = parts[0];
  if (!isPlain(dtype) || parts.some((part) => part.dtype !== dtype)) return undefined;
  const [axis] = util.parseAxisParam(attrs['axis'] as number, parts[0].shape);
  const shapes = parts.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis);
  return joined(parts, axis, backend_util.computeOutShape(shapes, axis), backend);
}

function pack({ inputs, attrs, backend }: Arguments): TensorInfo | undefined {
  const parts = Object.values(inputs);
  const { dtype, shape } = parts[0];
  if (!isPlain(dtype) || parts.some((part) => part.dtype !== dtype)) return undefined;
  for (const part of parts)
    util.assertShapesMatch(shape, part.shape, 'All tensors passed to stack must have matching shapes');
  const [axis] = util.parseAxisParam(attrs['axis'] as number, [...shape, 1]);
  const slabs = parts.map((part) => ({ ...part, shape: part.shape.toSpliced(axis, 0, 1) }));
  return joined(slabs, axis, shape.toSpliced(axis, 0, parts.length), backend);
}

function joined(
  parts: readonly TensorInfo[],
  axis: number,
  shape: readonly number[],
  backend: OnednnBackend,
): TensorInfo {
  const { info, values } = backend.output(shape, parts[0].dtype);
  const strides = stridesOf(shape);
  let offset = 0;
  for (const part of parts) {
    copy(part.shape, dense(backend.values(part), part.shape), { values, offset, strides }, backend);
    offset += part.shape[axis] * strides[axis];
  }
  return info;
}

function fill({ attrs, backend }: Arguments): TensorInfo | undefined {
  const value = attrs['value'] as number | string;
  const dtype = (attrs['dtype'] ?? util.inferDtype(value)) as TensorInfo['dtype'];
  return typeof value === 'string' ? undefined : filled(attrs['shape'] as number[], dtype, Number(value), backend);
}

function filled(
  shape: readonly number[],
  dtype: TensorInfo['dtype'],
  value: number,
  backend: OnednnBackend,
): TensorInfo | undefined {
  if (!isPlain(dtype)) return undefined;
  const { info, values } = backend.output(shape, dtype);
  if (values.length > 0) backend.addon.fill(values, value);
  return info;
}

function gather({ inputs: { x, indices }, attrs, backend }: Arguments): TensorInfo | undefined {
  const batchDims = (attrs['batchDims'] as number | undefined) ?? 0;
  if (batchDims !== 0 || (x.dtype !== 'float32' && x.dtype !== 'int32') || indices.dtype !== 'int32') return undefined;
  const [axis] = util.parseAxisParam(attrs['axis'] as number, x.shape);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  if (sizeOf(x) === 0) return undefined;
  const { info, values } = backend.output(shape, x.dtype);
  const outer = util.sizeFromShape(x.shape.slice(0, axis));
  const inner = util.sizeFromShape(x.shape.slice(axis + 1));
  const picked = backend.values(indices) as Int32Array;
  backend.addon.gather(backend.values(x), picked, values, outer, x.shape[axis], inner);
  return info;
}

function unsortedSegmentSum({ inputs, attrs, backend }: Arguments): TensorInfo | undefined {
  const { x, segmentIds } = inputs;
  const segments = attrs['numSegments'] as number;
  if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) return undefined;
  if (sizeOf(x) === 0 || segments === 0) return undefined;
  const { info, values } = backend.output([segments, ...x.shape.slice(1)], 'float32');
  const ids = backend.values(segmentIds) as Int32Array;
  backend.addon.segmentSum(backend.floats(x), ids, values, segments, sizeOf(x) / x.shape[0]);
  return info;
}
