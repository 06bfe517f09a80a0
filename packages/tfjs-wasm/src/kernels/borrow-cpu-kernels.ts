import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  type KernelFunc,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** Complex numbers and canvases do not exist on the WASM engine. */
const impossible = new Set(['Complex', 'ComplexAbs', 'Draw', 'FFT', 'IFFT', 'Imag', 'Real']);

/** Gives the WASM engine every kernel that only the CPU engine has, so that each op works; slowly, as on the CPU engine. */
export function borrowCpuKernels(cpu: MathBackendCPU): void {
  for (const { kernelName, kernelFunc } of getKernelsForBackend('cpu')) {
    if (impossible.has(kernelName) || getKernel(kernelName, 'wasm')) continue;
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: onWasmHeap(kernelFunc, cpu) });
  }
}

/**
 * The CPU engine's kernel of this name, on the WASM engine.
 * @throws Error if the CPU engine has none.
 */
export function borrowedKernel(kernelName: string, cpu: MathBackendCPU): KernelFunc {
  const kernel = getKernel(kernelName, 'cpu') as KernelConfig | undefined;
  if (kernel === undefined) throw new Error(`wasm: tfjs's CPU engine has no kernel ${kernelName} to lend`);
  return onWasmHeap(kernel.kernelFunc, cpu);
}

/** Runs a CPU kernel on views of the WASM heap and copies its results there. */
function onWasmHeap(kernel: KernelFunc, cpu: MathBackendCPU): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as BackendWasm;
    const lend = (info: TensorInfo): TensorInfo => ({
      ...info,
      dataId: cpu.write(
        info.dtype === 'string' ? wasm.readSync(info.dataId) : wasm.typedArrayFromHeap(info),
        info.shape,
        info.dtype,
      ),
    });
    const lent: TensorInfo[] = [];
    const lendNamed = (info: TensorInfo): TensorInfo => {
      const copy = lend(info);
      lent.push(copy);
      return copy;
    };
    // tfjs passes some kernels an array of inputs, most a record of inputs or arrays of them.
    const lendAll = (given: unknown): unknown =>
      Array.isArray(given) ? given.map(lendNamed) : given && lendNamed(given as TensorInfo);
    const cpuInputs = Array.isArray(inputs)
      ? lendAll(inputs)
      : Object.fromEntries(Object.entries(inputs).map(([name, given]) => [name, lendAll(given)]));
    const results = kernel({ inputs: cpuInputs as NamedTensorInfoMap, attrs: attrs ?? {}, backend: cpu });
    const takeOver = ({ shape, dtype, dataId }: TensorInfo): TensorInfo => {
      const taken = { shape, dtype, dataId: wasm.write(cpu.readSync(dataId), shape, dtype) };
      cpu.disposeData(dataId);
      return taken;
    };
    const taken = Array.isArray(results) ? results.map(takeOver) : takeOver(results);
    for (const { dataId } of lent) cpu.disposeData(dataId);
    return taken;
  };
}
