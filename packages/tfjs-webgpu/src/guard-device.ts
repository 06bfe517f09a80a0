import { DeviceError } from '@pffnet/structures';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { DeviceWatch } from './device-watch.ts';

const reads = 'webgpu: what the GPU has computed can only be awaited: take data() instead of dataSync()';

/**
 * Makes the backend say what its device refused: no command is given after that, and no number is handed out before the
 * device has judged all that it rests on. A tensor that is too large is refused before it is made.
 */
export function guardDevice(backend: WebGPUBackend, watch: DeviceWatch): void {
  const run = backend.runWebGPUProgram.bind(backend);
  backend.runWebGPUProgram = (...program) => {
    watch.check();
    return run(...program);
  };

  const download = backend.getBufferData.bind(backend);
  backend.getBufferData = async (buffer) => {
    watch.check();
    const numbers = download(buffer);
    const [outcome] = await Promise.allSettled([numbers, watch.settle()]);
    watch.check();
    if (outcome.status === 'rejected') throw watch.fail(outcome.reason);
    return outcome.value;
  };

  const read = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const { values, dtype } = backend.tensorMap.get(dataId);
    if (values == null && dtype !== 'string' && dtype !== 'complex64') throw new Error(reads);
    return read(dataId);
  };

  limitBuffers(backend);
}

/** Refuses buffers that the device does not have, and frees those kept for reuse when they are more than was ever in use. */
function limitBuffers({ bufferManager, device }: WebGPUBackend): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const acquire = bufferManager.acquireBuffer.bind(bufferManager);
  bufferManager.acquireBuffer = (size, ...rest) => {
    if (size > limit) throw tooLarge(size, limit);
    return acquire(size, ...rest);
  };
}

const grouped = (bytes: number): string => bytes.toLocaleString('en');

const tooLarge = (size: number, limit: number): DeviceError =>
  new DeviceError(
    `webgpu: expected tensors of at most ${grouped(limit)} bytes on this GPU, got one of ${grouped(size)}; take a smaller ` +
      'patch or tile, fewer RoIs, or another backend',
  );
