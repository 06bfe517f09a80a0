import {
  type DataType,
  dispose,
  engine,
  fill,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { randomStream } from '@pffnet/structures';

/** Numbers of a tensor in float64, as read from one of its type. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype: DataType;
}

/** One call of a kernel, and what arithmetic in float64 gives for it. */
export interface KernelCase {
  readonly kernel: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, Values>> | readonly Values[];
  readonly attributes?: object;
  /** One for each output. */
  readonly expected: readonly Values[];
  /** How far a number may be off: this share of it ... */
  readonly rtol: number;
  /** ... and so much more. */
  readonly atol?: number;
}

/** A float32 tensor: numbers are rounded to what it can hold, so that the arithmetic starts from the same ones. */
export const floats = (values: Iterable<number>, shape?: readonly number[]): Values => ofType('float32', values, shape);
export const integers = (values: Iterable<number>, shape?: readonly number[]): Values => ofType('int32', values, shape);
export const truths = (values: Iterable<number>, shape?: readonly number[]): Values => ofType('bool', values, shape);

function ofType(dtype: DataType, values: Iterable<number>, shape?: readonly number[]): Values {
  const numbers = dtype === 'float32' ? Array.from(values, Math.fround) : [...values];
  return { values: numbers, shape: shape ?? [numbers.length], dtype };
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Seeded numbers in [-1, 1). */
export function noise(shape: readonly number[], name = 'x'): Values {
  const stream = randomStream(11, name);
  return floats(
    Array.from({ length: sizeOf(shape) }, () => 2 * stream.uniform() - 1),
    shape,
  );
}

/** The same number everywhere. */
export const filled = (shape: readonly number[], value: number): Values =>
  floats(new Float64Array(sizeOf(shape)).fill(value), shape);

/** Every index of a shape, the last axis first. */
export function* indicesOf(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let flat = 0, size = sizeOf(shape); flat < size; flat++) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
}

/** The number at an index; 0 outside. */
export function at({ shape, values }: Values, index: readonly number[]): number {
  let flat = 0;
  for (const [axis, size] of shape.entries()) {
    if (index[axis] < 0 || index[axis] >= size) return 0;
    flat = flat * size + index[axis];
  }
  return values[flat];
}

/** A tensor of float32 whose numbers are worked out one by one. */
export const compute = (shape: readonly number[], value: (index: readonly number[]) => number): Values =>
  floats(Array.from(indicesOf(shape), value), shape);

/** Runs the kernel on tfjs's current engine and reads its outputs. */
export async function run({ kernel, inputs, attributes }: KernelCase): Promise<Values[]> {
  const outputs = tidy(() => {
    fill([4096], 42).dispose(); // results that a kernel leaves out would otherwise be 0, often by chance
    const made = ({ values, shape, dtype }: Values): Tensor => tensor([...values], [...shape], dtype);
    const given = Array.isArray(inputs)
      ? (inputs as Values[]).map(made)
      : Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, made(input as Values)]));
    const attrs = (attributes ?? {}) as NamedAttrMap;
    return [engine().runKernel<Tensor | Tensor[]>(kernel, given as NamedTensorMap, attrs)].flat();
  });
  try {
    return await Promise.all(
      outputs.map(async (output) => ({ shape: output.shape, values: [...(await output.data())], dtype: output.dtype })),
    );
  } finally {
    dispose(outputs);
  }
}

/** What is wrong with a kernel's outputs, in words; nothing if nothing is. */
export function faultsOf({ expected, rtol, atol = 0 }: KernelCase, outputs: readonly Values[]): string[] {
  const faults: string[] = [];
  if (outputs.length !== expected.length) faults.push(`${outputs.length} outputs, not ${expected.length}`);
  expected.forEach(({ shape, values, dtype }, index) => {
    const output = outputs[index];
    const [got, wanted] = [output, { shape, dtype }].map(({ shape, dtype }) => `${dtype} [${shape.join(', ')}]`);
    if (got !== wanted) faults.push(`output ${index}: ${got}, not ${wanted}`);
    const wrong = values.findIndex((value, place) => !isClose(output.values[place], value, rtol, atol));
    if (wrong >= 0) faults.push(`output ${index}: at ${wrong} ${output.values[wrong]}, not ${values[wrong]}`);
  });
  return faults;
}

function isClose(actual: number, expected: number, rtol: number, atol: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (!Number.isFinite(expected)) return actual === expected;
  return Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
}
