import { DeviceError } from '@pffnet/structures';
import type { GpuDevice, GpuErrorFilter } from './web-gpu.ts';

/** The most telling first: what did not get memory is refused wherever it is used after that. */
const filters: readonly GpuErrorFilter[] = ['out-of-memory', 'internal', 'validation'];

const meanings: Readonly<Record<GpuErrorFilter, string>> = {
  'out-of-memory': 'the GPU has no memory left (a smaller patch, preset or tile and fewer RoIs need less)',
  internal: "the GPU's driver could not build a kernel",
  validation: 'the GPU refused a command',
};

/**
 * Remembers the first thing that a device refused. WebGPU goes on after an error as if nothing had happened, and what it
 * computes then is old memory: every read asks here first whether its numbers are valid.
 */
export class DeviceWatch {
  readonly #device: GpuDevice;
  #failure: DeviceError | undefined;

  constructor(device: GpuDevice) {
    this.#device = device;
    this.#open();
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fail(meanings.validation, error.message);
    });
    void device.lost.then(({ reason, message }) => {
      this.#fail('the GPU is gone', message || reason);
    });
  }

  /** What went wrong, if anything has. */
  get failure(): DeviceError | undefined {
    return this.#failure;
  }

  /** @throws DeviceError if something went wrong. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Waits until the device has judged every command so far.
   * @throws DeviceError if it refused one, now or before.
   */
  async settle(): Promise<void> {
    const verdicts = [...filters].reverse().map(async (filter) => {
      const error = await this.#device.popErrorScope();
      return error && ([filter, error.message] as const);
    });
    this.#open();
    const errors = (await Promise.all(verdicts)).reverse().filter((verdict) => verdict !== null);
    if (errors.length > 0) this.#fail(meanings[errors[0][0]], errors[0][1]);
    this.check();
  }

  /** Something failed that WebGPU reports in its own way, such as reading. */
  fail(cause: unknown): DeviceError {
    return this.#fail("the GPU's numbers cannot be read", (cause as Error).message);
  }

  #open(): void {
    for (const filter of filters) this.#device.pushErrorScope(filter);
  }

  #fail(meaning: string, message: string): DeviceError {
    this.#failure ??= new DeviceError(`webgpu: ${meaning}: ${message.split('\n')[0].trim()}`);
    return this.#failure;
  }
}
