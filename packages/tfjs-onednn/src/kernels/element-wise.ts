import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Addon } from '../addon.ts';
import type { OnednnBackend } from '../onednn-backend.ts';
import { areFloats, isPlain, type NativeKernel, type NativeKernels, reshaped, sizeOf, stridesOf } from './kernel.ts';

/** Operations on integers that the addon has. */
const INTEGER_OPERATIONS = new Set(['Add', 'Sub', 'Maximum', 'Minimum']);
/** Operations whose result is a truth value. */
const COMPARISONS = new Set(['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'NotEqual']);
/** The names of a binary kernel's inputs, where they are not a and b. */
const OPERANDS: Readonly<Record<string, readonly [string, string]>> = {
  EluGrad: ['dy', 'y'],
  Prelu: ['x', 'alpha'],
};
/** The names of a unary kernel's parameters. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  ClipByValue: ['clipValueMin', 'clipValueMax'],
  LeakyRelu: ['alpha'],
  Step: ['alpha'],
};

/** Kernels that compute each number from the numbers at its place. */
export function elementWiseKernels(addon: Addon): NativeKernels {
  const kernels: Record<string, NativeKernel> = { AddN: addN, Cast: cast, Select: select };
  for (const [name, operation] of Object.entries(addon.unaryOperations)) kernels[name] = unary(name, operation);
  for (const [name, operation] of Object.entries(addon.binaryOperations)) kernels[name] = binary(name, operation);
  return kernels;
}

function unary(name: string, operation: number): NativeKernel {
  const [first = '', second = ''] = PARAMETERS[name] ?? [];
  return ({ inputs: { x }, attrs, backend }) => {
    if (!areFloats(x)) return undefined;
    const { info, values } = backend.output(x.shape, 'float32');
    const [a, b] = [attrs[first] ?? 0, attrs[second] ?? 0] as [number, number];
    backend.addon.unary(operation, backend.floats(x), values, a, b);
    return info;
  };
}

function binary(name: string, operation: number): NativeKernel {
  const [left, right] = OPERANDS[name] ?? ['a', 'b'];
  const compares = COMPARISONS.has(name);
  return ({ inputs, backend }) => {
    const { [left]: a, [right]: b } = inputs;
    if (a.dtype !== b.dtype) return undefined;
    if (a.dtype !== 'float32' && !(a.dtype === 'int32' && (compares || INTEGER_OPERATIONS.has(name)))) return undefined;
    return broadcast(a, b, compares ? 'bool' : a.dtype, operation, backend);
  };
}

function broadcast(
  a: TensorInfo,
  b: TensorInfo,
  dtype: 'bool' | 'float32' | 'int32',
  operation: number,
  backend: OnednnBackend,
): TensorInfo {
  const shape = sameShape(a.shape, b.shape) ? a.shape : backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const { info, values } = backend.output(shape, dtype);
  if (values.length > 0) {
    const layout = broadcastLayout(shape, values.length, a, b);
    backend.addon.binary(operation, backend.values(a), backend.values(b), values, layout);
  }
  return info;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function broadcastLayout(shape: readonly number[], size: number, a: TensorInfo, b: TensorInfo): Int32Array {
  const [aSize, bSize] = [sizeOf(a), sizeOf(b)];
  if ((aSize === size || aSize === 1) && (bSize === size || bSize === 1)) {
    return Int32Array.of(1, size, aSize === size ? 1 : 0, bSize === size ? 1 : 0);
  }
  return Int32Array.from([
    shape.length,
    ...shape,
    ...broadcastStrides(a.shape, shape.length),
    ...broadcastStrides(b.shape, shape.length),
  ]);
}

/** The steps of a tensor within a result of `rank` axes: 0 along the axes that it repeats. */
function broadcastStrides(shape: readonly number[], rank: number): number[] {
  const strides = stridesOf(shape).map((step, axis) => (shape[axis] === 1 ? 0 : step));
  return [...new Array<number>(rank - shape.length).fill(0), ...strides];
}

function addN({ inputs, backend }: Parameters<NativeKernel>[0]): TensorInfo | undefined {
  const terms = Object.values(inputs);
  if (!areFloats(...terms) || sizeOf(terms[0]) === 0) return undefined;
  const { info, values } = backend.output(terms[0].shape, 'float32');
  backend.addon.sumOf(
    terms.map((term) => backend.floats(term)),
    values,
  );
  return info;
}

/** tfjs's own cast may keep the old array under a new type; this one never does. */
function cast({ inputs: { x }, attrs, backend }: Parameters<NativeKernel>[0]): TensorInfo | undefined {
  const dtype = attrs['dtype'] as TensorInfo['dtype'];
  if (!isPlain(x.dtype) || !isPlain(dtype)) return undefined;
  if (x.dtype === dtype) return reshaped(x, x.shape, backend);
  const { info, values } = backend.output(x.shape, dtype);
  backend.addon.cast(backend.values(x), values);
  return info;
}

function select({ inputs, backend }: Parameters<NativeKernel>[0]): TensorInfo | undefined {
  const { condition, t, e } = inputs;
  if (t.dtype !== e.dtype || condition.dtype !== 'bool' || (t.dtype !== 'float32' && t.dtype !== 'int32')) {
    return undefined;
  }
  const size = sizeOf(t);
  const rows = sizeOf(condition);
  if (size === 0 || rows === 0 || size % rows !== 0) return undefined;
  const { info, values } = backend.output(t.shape, t.dtype);
  const chosen = backend.values(condition) as Uint8Array;
  backend.addon.select(chosen, backend.values(t), backend.values(e), values, rows, size / rows);
  return info;
}
