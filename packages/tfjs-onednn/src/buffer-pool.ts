/** What the pool holds and has handed out, in bytes. */
export interface PoolState {
  readonly inUse: number;
  readonly idle: number;
}

/** The smallest buffer, in bytes. */
const SMALLEST = 256;
/** All memory together may reach this many bytes, or twice what was in use at the highest point. */
const KEPT = 512 * 2 ** 20;

/**
 * Buffers that tensors use one after another, so that the system does not have to find, clear and map pages for each.
 * Sizes are rounded up to four steps per doubling; at most a quarter of a buffer is unused.
 */
export class BufferPool {
  readonly #allocate: (bytes: number) => ArrayBuffer;
  readonly #letGo: (bytes: number) => void;
  readonly #idle = new Map<number, ArrayBuffer[]>();
  #inUse = 0;
  #idleBytes = 0;
  #highest = 0;

  /** @param letGo - is told how many bytes of buffers the pool keeps no longer. */
  constructor(allocate: (bytes: number) => ArrayBuffer, letGo: (bytes: number) => void = () => undefined) {
    this.#allocate = allocate;
    this.#letGo = letGo;
  }

  get state(): PoolState {
    return { inUse: this.#inUse, idle: this.#idleBytes };
  }

  /** @returns a buffer of at least `bytes`, with any contents. */
  take(bytes: number): ArrayBuffer {
    const size = roundUp(bytes);
    const buffer = this.#idle.get(size)?.pop();
    this.#inUse += size;
    this.#highest = Math.max(this.#highest, this.#inUse);
    if (buffer === undefined) return this.#allocate(size);
    this.#idleBytes -= size;
    return buffer;
  }

  /** Takes a buffer of {@link take} back. */
  give(buffer: ArrayBuffer): void {
    const size = buffer.byteLength;
    this.#inUse -= size;
    if (this.#inUse + this.#idleBytes + size > Math.max(KEPT, 2 * this.#highest)) this.clear();
    const idle = this.#idle.get(size);
    if (idle === undefined) this.#idle.set(size, [buffer]);
    else idle.push(buffer);
    this.#idleBytes += size;
  }

  /** Lets go of all idle memory. */
  clear(): void {
    this.#idle.clear();
    this.#letGo(this.#idleBytes);
    this.#idleBytes = 0;
  }
}

function roundUp(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = 2 ** Math.floor(Math.log2(bytes - 1)) / 4;
  return Math.ceil(bytes / step) * step;
}
