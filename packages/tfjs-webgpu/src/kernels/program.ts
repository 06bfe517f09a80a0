import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** Threads of a group that work on numbers one by one. */
const THREADS = 64;

/** A program of the GPU in WGSL, as tfjs's backend compiles it, keeps it and runs it. */
interface Program {
  /** Programs of one name have the same code. */
  readonly name: string;
  /** As the code calls them: each is an array of numbers. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Of the result. */
  readonly shape: readonly number[];
  /** float32 by default. */
  readonly dtype?: DataType;
  /** Whole numbers that the code finds in `uniforms`. */
  readonly integers?: Readonly<Record<string, number>>;
  /** Numbers that the code finds there, too. */
  readonly floats?: Readonly<Record<string, number>>;
  readonly code: string;
}

/** A program whose code is `fn valueAt(i: i32) -> f32`, the number at place i of the result. */
export function eachNumber(backend: WebGPUBackend, program: Program): TensorInfo {
  const groups = Math.ceil(util.sizeFromShape([...program.shape]) / THREADS);
  const code = `${program.code}
    fn main(index: i32) { if (index < uniforms.size) { result[index] = valueAt(index); } }`;
  return run(backend, { ...program, code }, [THREADS, 1, 1], [groups, 1, 1], 'x');
}

/** A program whose code is `fn main()`, run by groups of threads that share memory; `workgroupId` tells them apart. */
export function eachGroup(
  backend: WebGPUBackend,
  program: Program & {
    readonly threads: readonly [x: number, y: number];
    readonly groups: readonly [x: number, y: number, z: number];
    /** Where the numbers go, if not to a new tensor; other programs may have written other places of it. */
    readonly output?: TensorInfo;
  },
): TensorInfo {
  return run(backend, program, [...program.threads, 1], program.groups, 'xyz', program.output);
}

type Three = readonly [number, number, number];

/** @param axes - `x`: as many groups as there are numbers, which tfjs may fold into several axes; else as asked for. */
function run(
  backend: WebGPUBackend,
  { name, inputs, shape, dtype = 'float32', integers = {}, floats = {}, code }: Program,
  threads: Three,
  groups: Three,
  axes: 'x' | 'xyz',
  output?: TensorInfo,
): TensorInfo {
  const declare = (names: readonly string[], type: string): string => names.map((key) => `${key}: ${type},`).join(' ');
  const program = {
    shaderKey: `pffnet ${name}`,
    variableNames: Object.keys(inputs),
    outputShape: [...shape],
    workgroupSize: [...threads] as [number, number, number],
    dispatch: [...groups] as [number, number, number],
    dispatchLayout: axes === 'x' ? { x: shape.map((_, axis) => axis) } : { x: [0], y: [1], z: [2] },
    size: axes === 'x',
    uniforms: declare(Object.keys(integers), 'i32') + declare(Object.keys(floats), 'f32'),
    getUserCode: () => code,
  };
  const uniforms = [
    ...Object.values(integers).map((value) => ({ type: 'int32', data: [value] })),
    ...Object.values(floats).map((value) => ({ type: 'float32', data: [value] })),
  ];
  return backend.runWebGPUProgram(program, Object.values(inputs), dtype, uniforms, output);
}

/** A tensor of one number, which the processor writes. */
export function constant(backend: WebGPUBackend, shape: readonly number[], value: number, dtype: DataType): TensorInfo {
  const values = util.getTypedArrayFromDType(dtype as 'float32', util.sizeFromShape([...shape])).fill(value);
  return backend.makeTensorInfo([...shape], dtype, values);
}

/** Runs, and frees the tensors that were needed meanwhile. */
export function discarding<Result>(
  backend: WebGPUBackend,
  work: (discard: <Info extends TensorInfo>(info: Info) => Info) => Result,
): Result {
  const gone: TensorInfo[] = [];
  try {
    return work((info) => {
      gone.push(info);
      return info;
    });
  } finally {
    for (const { dataId } of gone) backend.disposeData(dataId);
  }
}

/** The same numbers in another shape; not to be freed. */
export const reshaped = ({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo => ({
  dataId,
  dtype,
  shape: [...shape],
});

export const isEmpty = ({ shape }: TensorInfo): boolean => util.sizeFromShape(shape) === 0;
