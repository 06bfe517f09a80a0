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

/** tfjs's stock of buffers, with what its types keep to themselves. */
interface Stock {
  numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
  readonly freeBuffers: ReadonlyMap<string, { readonly size: number; destroy(): void }[]>;
}

/**
 * Refuses buffers that the device does not have. Frees the stock that tfjs keeps for reuse, which never shrinks by itself,
 * when it is more than was ever in use at once: tensors of ever other sizes would fill the GPU.
 */
function limitBuffers({ bufferManager, device }: WebGPUBackend): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const stock = bufferManager as unknown as Stock;
  let most = 0;
  const acquire = bufferManager.acquireBuffer.bind(bufferManager);
  bufferManager.acquireBuffer = (size, ...rest) => {
    if (size > limit) throw tooLarge(size, limit);
    const buffer = acquire(size, ...rest);
    most = Math.max(most, stock.numBytesUsed);
    return buffer;
  };
  const release = bufferManager.releaseBuffer.bind(bufferManager);
  bufferManager.releaseBuffer = (...buffer) => {
    release(...buffer);
    if (stock.numBytesAllocated - stock.numBytesUsed > most) empty(stock);
  };
}

function empty(stock: Stock): void {
  for (const buffers of stock.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      stock.numFreeBuffers--;
      stock.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}

const grouped = (bytes: number): string => bytes.toLocaleString('en');

const tooLarge = (size: number, limit: number): DeviceError =>
  new DeviceError(
    `webgpu: expected tensors of at most ${grouped(limit)} bytes on this GPU, got one of ${grouped(size)}; take a smaller ` +
      'patch or tile, fewer RoIs, or another backend',
  );
