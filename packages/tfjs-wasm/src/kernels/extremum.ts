import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND } from '../native/native-engine.ts';
import { requireNative } from '../native-of.ts';

/** Numbers per task. */
const TASK_COUNT = 32 * 1024;

/** The choice for two tensors of one shape, or a tensor and one number. tfjs's kernel is many times slower and keeps other broadcasts. */
const choosing =
  (kernel: 'maximum' | 'minimum') =>
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const single = util.sizeFromShape(b.shape) === 1 && b.shape.length <= a.shape.length;
    const suitable = single || util.arraysEqual(a.shape, b.shape);
    if (!suitable || a.dtype !== 'float32' || b.dtype !== 'float32') return original(call);
    const backend = call.backend as BackendWasm;
    const result = backend.makeOutput(a.shape, 'float32');
    const count = util.sizeFromShape(a.shape);
    const work = { tasks: Math.ceil(count / TASK_COUNT), microseconds: (3 * count * FLOAT) / BYTES_PER_MICROSECOND };
    const [source, other, target] = [a, b, result].map((tensor) => addressOf(backend, tensor));
    const given = { source, other, target, count, single: Number(single), taskCount: TASK_COUNT };
    requireNative(backend).share(kernel, work, given);
    return result;
  };

/** Makes the kernel of the larger of two numbers, given tfjs's. */
export const maximum = choosing('maximum');
/** Makes the kernel of the smaller of two numbers, given tfjs's. */
export const minimum = choosing('minimum');
