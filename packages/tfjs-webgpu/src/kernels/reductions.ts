import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  backend_util,
  getKernel,
  type KernelFunc,
  type SumAttrs,
  type TensorInfo,
  Transpose,
  util,
} from '@tensorflow/tfjs-core';
import { ADDERS, groupSum } from './group-sum.ts';
import { constant, discarding, eachGroup, eachNumber, isEmpty, reshaped } from './program.ts';

/** Numbers that one group of threads adds up. */
const PART = 16_384;
/** Numbers of a row that one thread adds up by itself. */
const SHORT = 64;
/** The most groups along one axis that every adapter takes. */
const GROUPS = 65_535;

const addRows = `${groupSum}
  fn row() -> i32 { return i32(workgroupId.y + workgroupId.z * numWorkgroups.y); }
  fn begin() -> i32 { return i32(workgroupId.x) * ${PART}; }
  fn term(at: i32) -> f32 { let value = x[row() * uniforms.length + begin() + at]; return VALUE; }
  fn main() {
    addUp(select(0, min(${PART}, uniforms.length - begin()), row() < uniforms.rows));
    if (localIndex == 0u && row() < uniforms.rows) {
      result[uniforms.offset + row() * uniforms.parts + i32(workgroupId.x)] = sums[0] * uniforms.factor;
    }
  }`;

interface Summands {
  /** [rows, length] numbers. */
  readonly rows: number;
  readonly length: number;
  readonly of: 'values' | 'squares';
}

/** How many numbers {@link addInto} leaves of a row. */
export const partsOf = (length: number): number => Math.max(1, Math.ceil(length / PART));

/** Adds up each row in parts, times a factor; writes [rows, parts] numbers to `output` from place `offset` on. */
export function addInto(
  backend: WebGPUBackend,
  x: TensorInfo,
  { rows, length, of }: Summands,
  output: TensorInfo | readonly number[],
  { factor = 1, offset = 0 }: { readonly factor?: number; readonly offset?: number } = {},
): TensorInfo {
  const parts = partsOf(length);
  const deep = Math.ceil(rows / GROUPS);
  const whole = 'dataId' in output ? { shape: output.shape, output } : { shape: output };
  return eachGroup(backend, {
    name: `add rows of ${of}`,
    inputs: { x },
    ...whole,
    integers: { rows, length, parts, offset },
    floats: { factor },
    threads: [ADDERS, 1],
    groups: [parts, Math.ceil(rows / deep), deep],
    code: addRows.replace('VALUE', of === 'squares' ? 'value * value' : 'value'),
  });
}

/** Adds up each row, times a factor. */
function sumRows(backend: WebGPUBackend, x: TensorInfo, { rows, length, of }: Summands, factor: number): TensorInfo {
  if (of === 'values' && length <= SHORT && rows >= SHORT) return sumShortRows(backend, x, { rows, length }, factor);
  const parts = partsOf(length);
  if (parts === 1) return addInto(backend, x, { rows, length, of }, [rows], { factor });
  return discarding(backend, (discard) => {
    const some = discard(addInto(backend, x, { rows, length, of }, [rows, parts]));
    return sumRows(backend, some, { rows, length: parts, of: 'values' }, factor);
  });
}

/** One thread to a row, where there are many: most of a group would have nothing to do. */
function sumShortRows(
  backend: WebGPUBackend,
  x: TensorInfo,
  { rows, length }: Pick<Summands, 'rows' | 'length'>,
  factor: number,
): TensorInfo {
  return eachNumber(backend, {
    name: 'add short rows',
    inputs: { x },
    shape: [rows],
    integers: { length },
    floats: { factor },
    code: `fn valueAt(i: i32) -> f32 {
      var sum = 0.0;
      for (var at = i * uniforms.length; at < (i + 1) * uniforms.length; at++) { sum += x[at]; }
      return sum * uniforms.factor;
    }`,
  });
}

/** Sums, or means, over axes; tfjs's own for numbers that are not float32. */
const summing =
  (kind: 'sum' | 'mean') =>
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { axis, keepDims } = call.attrs as unknown as SumAttrs;
    const backend = call.backend as WebGPUBackend;
    const { axes, shape } = reduced(x, axis as number[], keepDims);
    if (isEmpty(x)) return constant(backend, shape, 0, kind === 'mean' ? 'float32' : sumType(x));
    if (x.dtype !== 'float32') return original(call);
    const length = axes.reduce((product, one) => product * x.shape[one], 1);
    const rows = util.sizeFromShape(x.shape) / length;
    return discarding(backend, (discard) => {
      const permutation = backend_util.getAxesPermutation(axes, x.shape.length);
      const input = permutation === null ? x : discard(transpose(backend, x, permutation));
      const sums = sumRows(backend, input, { rows, length, of: 'values' }, kind === 'mean' ? 1 / length : 1);
      return reshaped(sums, shape);
    });
  };

export const sum = summing('sum');
export const mean = summing('mean');

/** What a reduction of nothing gives, which tfjs's kernels do not take. */
export const reduceNothing =
  (value: number) =>
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    if (!isEmpty(x)) return original(call);
    const attributes = call.attrs as unknown as { reductionIndices?: number[]; axis?: number[]; keepDims: boolean };
    const { shape } = reduced(x, attributes.reductionIndices ?? attributes.axis ?? [], attributes.keepDims);
    return constant(call.backend as WebGPUBackend, shape, value, x.dtype);
  };

/** The sum of the squares of all numbers of its inputs, whatever their names: a scalar. A kernel that tfjs does not have. */
export const sumOfSquares: KernelFunc = ({ inputs, backend: own }) => {
  const backend = own as WebGPUBackend;
  const terms = Object.values(inputs as Record<string, TensorInfo>).filter((term) => !isEmpty(term));
  if (terms.length === 0) return constant(backend, [], 0, 'float32');
  const lengths = terms.map(({ shape }) => util.sizeFromShape(shape));
  const total = lengths.reduce((count, length) => count + partsOf(length), 0);
  return discarding(backend, (discard) => {
    const parts = discard(backend.makeTensorInfo([total], 'float32'));
    let offset = 0;
    terms.forEach((term, index) => {
      addInto(backend, term, { rows: 1, length: lengths[index], of: 'squares' }, parts, { offset });
      offset += partsOf(lengths[index]);
    });
    return reshaped(sumRows(backend, parts, { rows: 1, length: total, of: 'values' }, 1), []);
  });
};

/** The axes that go, and the shape that stays. */
function reduced(x: TensorInfo, axis: number | number[], keepDims: boolean): { axes: number[]; shape: number[] } {
  const axes = util.parseAxisParam(axis, x.shape);
  const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  return { axes, shape: keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape };
}

const sumType = ({ dtype }: TensorInfo): 'float32' | 'int32' => (dtype === 'float32' ? 'float32' : 'int32');

function transpose(backend: WebGPUBackend, x: TensorInfo, perm: number[]): TensorInfo {
  return getKernel(Transpose, 'webgpu').kernelFunc({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo;
}
