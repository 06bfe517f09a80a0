import type { EngineKernel } from '@pffnet/structures';
import { type DataType, getKernel, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { OnednnBackend } from '../onednn-backend.ts';

/** What tfjs hands to a kernel: tensors by name, attributes by name. */
export interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: OnednnBackend;
}

/** A native kernel; `undefined` where it does not know this case (types, layouts): the CPU backend's kernel takes over. */
export type NativeKernel = (call: Call) => TensorInfo | TensorInfo[] | undefined;

/** Native kernels that tfjs does not have, by the names that all engines of ours give them. */
export type EngineKernelsHere = Readonly<Partial<Record<EngineKernel, NativeKernel>>>;

/** Native kernels by tfjs's names. */
export type NativeKernels = Readonly<Record<string, NativeKernel>>;

/** The number of elements of a tensor. */
export function sizeOf(info: TensorInfo): number {
  return util.sizeFromShape(info.shape);
}

/** Whether all of them are float32. */
export function areFloats(...infos: readonly TensorInfo[]): boolean {
  return infos.every(({ dtype }) => dtype === 'float32');
}

/** Whether values of this type lie in plain typed arrays. */
export function isPlain(dtype: DataType): boolean {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}

/** Steps between neighbours along each axis of a dense tensor, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** The same memory under another shape; one more reference to it. */
export function reshaped(info: TensorInfo, shape: readonly number[], backend: OnednnBackend): TensorInfo {
  backend.incRef(info.dataId);
  return { dataId: info.dataId, shape: [...shape], dtype: info.dtype };
}

/** The kernel of tfjs's CPU backend, safe for memory of a pool: results that look into an input's memory are copied. */
export function borrowed(kernelFunc: KernelFunc): KernelFunc {
  return (call) => {
    const result = kernelFunc(call);
    const onednn = call.backend as OnednnBackend;
    for (const info of Array.isArray(result) ? result : [result]) {
      for (const input of Object.values(call.inputs)) {
        if (input === undefined || input.dataId === info.dataId || !onednn.owns(input)) continue;
        const entry = onednn.data.get(info.dataId);
        const source = onednn.data.get(input.dataId);
        if (ArrayBuffer.isView(entry.values) && ArrayBuffer.isView(source.values)) {
          if (entry.values.buffer === source.values.buffer) entry.values = entry.values.slice();
        }
      }
    }
    return result;
  };
}

/** A native kernel with the CPU backend's as its second, where there is one. */
export function withFallback(name: string, native: NativeKernel): KernelFunc {
  const cpu = getKernel(name, 'cpu')?.kernelFunc;
  const second = cpu === undefined ? undefined : borrowed(cpu);
  return (call) => {
    const result = native({ inputs: call.inputs, attrs: call.attrs ?? {}, backend: call.backend } as Call);
    if (result !== undefined) return result;
    if (second === undefined) throw new Error(`${name}: the oneDNN backend does not know these types or layouts`);
    return second(call);
  };
}
