import { type WasmMemory, WebAssembly } from '../web-assembly.ts';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  argumentValues,
  kernelNumber,
  type NativeArguments,
  type NativeKernel,
  nativeModule,
} from './native-kernels.ts';
import { TEAM_BYTES } from './team.ts';

/** Most arguments of a kernel, in bytes. */
const ARGUMENT_BYTES = 256;

/** The heap that our kernels share with tfjs's. */
export interface Heap {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

interface Exports {
  run(team: number, kernel: number, args: number, tasks: number): void;
  runAlone(kernel: number, args: number, tasks: number): void;
}

/** How much there is to do. */
export interface Work {
  readonly tasks: number;
  /** Rough time of all tasks on one thread. */
  readonly microseconds: number;
}

/** Roughly how many multiply-adds, or copied bytes, one thread does in a microsecond. */
export const PRODUCTS_PER_MICROSECOND = 20_000;
export const BYTES_PER_MICROSECOND = 5_000;

/** Microseconds of work per woken worker; waking one takes about ten. */
const WORTH_SHARING = 100;

/** Our own kernels on tfjs's heap, run by as many threads as there are processors, or as PFFNET_NUM_THREADS says. */
export class NativeEngine {
  /** Threads that take tasks, this one included. */
  readonly threads: number;
  readonly #heap: Heap;
  readonly #exports: Exports;
  readonly #startWorkers: () => void;
  readonly #block: number;
  #started = false;

  constructor(heap: Heap, memory: WasmMemory) {
    const shared = memory.buffer instanceof SharedArrayBuffer;
    const module = new WebAssembly.Module(nativeModule({ shared }));
    this.threads = shared ? Math.min(threadsWanted(), 16) : 1;
    this.#heap = heap;
    this.#exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
    this.#block = heap._malloc(TEAM_BYTES + ARGUMENT_BYTES);
    heap.HEAPU8.fill(0, this.#block, this.#block + TEAM_BYTES);
    this.#startWorkers = () => {
      for (let thread = 1; thread < this.threads; thread++) {
        new Worker(workerSource, { eval: true, workerData: { module, memory, block: this.#block, thread } }).unref();
      }
    };
  }

  /** Runs a kernel's tasks: on all threads if the work outweighs waking them, else on this one. */
  share<Kernel extends NativeKernel>(kernel: Kernel, work: Work, args: NativeArguments<Kernel>): void {
    const shared = this.threads > 1 && work.tasks > 1 && work.microseconds > WORTH_SHARING;
    if (shared) this.#run(kernel, work.tasks, args);
    else this.#exports.runAlone(kernelNumber(kernel), this.#write(kernel, args), work.tasks);
  }

  #run<Kernel extends NativeKernel>(kernel: Kernel, tasks: number, args: NativeArguments<Kernel>): void {
    if (!this.#started) {
      this.#started = true;
      this.#startWorkers();
    }
    this.#exports.run(this.#block, kernelNumber(kernel), this.#write(kernel, args), tasks);
  }

  /** The numbers at an address, until the next allocation. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.#heap.HEAPU8.buffer, address, count);
  }

  /** The float64 at an address, until the next allocation. */
  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.#heap.HEAPU8.buffer, address, count);
  }

  /** Calls `use` with the address of a copy of these numbers, and frees it afterwards. */
  withFloats<T>(values: Float32Array, use: (address: number) => T): T {
    return this.withScratch(values.byteLength, (address) => {
      this.floats(address, values.length).set(values);
      return use(address);
    });
  }

  /** Calls `use` with the address of so many bytes, and frees them afterwards. */
  withScratch<T>(bytes: number, use: (address: number) => T): T {
    const address = this.#heap._malloc(bytes);
    try {
      return use(address);
    } finally {
      this.#heap._free(address);
    }
  }

  #write<Kernel extends NativeKernel>(kernel: Kernel, args: NativeArguments<Kernel>): number {
    const address = this.#block + TEAM_BYTES;
    this.#heap.HEAP32.set(argumentValues(kernel, args), address >>> 2);
    return address;
  }
}

/** A worker never returns from `serve`: it sleeps on the shared memory between jobs. */
const workerSource = `
  const { module, memory, block, thread } = require('node:worker_threads').workerData;
  new WebAssembly.Instance(module, { env: { memory } }).exports.serve(block, thread);
`;

/** Processes that share a machine are told how many threads each may have. */
function threadsWanted(): number {
  const text = process.env['PFFNET_NUM_THREADS'] ?? '';
  if (text === '') return availableParallelism();
  const threads = Number(text);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new Error(`PFFNET_NUM_THREADS: expected a whole number of threads, got ${text}`);
}
