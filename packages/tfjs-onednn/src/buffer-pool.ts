import { FreeRanges } from './free-ranges.ts';

/** What the pool holds and has handed out, in bytes. */
export interface PoolState {
  readonly inUse: number;
  readonly idle: number;
}

/** Memory of a tensor: part of a buffer, or all of it. */
export interface Piece {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** The smallest piece, in bytes. */
const SMALLEST = 256;
/** Pieces of so many bytes are cut out of slabs; smaller ones have a buffer each. */
const LEAST_CUT = 2 ** 16;
/** Bytes of a slab, unless one piece needs more. */
const SLAB = 2 ** 25;
/** Pieces cut out of slabs are multiples of so many bytes. */
const PAGE = 2 ** 12;
/** All memory together may reach this many bytes, or twice what was in use at the highest point. */
const KEPT = 512 * 2 ** 20;

/**
 * Memory that tensors use one after another, so that the system does not have to find, clear and map pages for each. Large
 * pieces are cut out of slabs, and what is free again serves pieces of any size: memory that is touched for the first time
 * costs as much as to write to it many times. Small pieces wait for the next of their size, which is rounded up to four
 * steps per doubling.
 */
export class BufferPool {
  readonly #allocate: (bytes: number) => ArrayBuffer;
  readonly #letGo: (bytes: number) => void;
  readonly #slabs = new Map<ArrayBuffer, FreeRanges>();
  readonly #idleOfSize = new Map<number, Piece[]>();
  #held = 0;
  #inUse = 0;
  #highest = 0;

  /** @param letGo - is told how many bytes of buffers the pool keeps no longer. */
  constructor(allocate: (bytes: number) => ArrayBuffer, letGo: (bytes: number) => void = () => undefined) {
    this.#allocate = allocate;
    this.#letGo = letGo;
  }

  get state(): PoolState {
    return { inUse: this.#inUse, idle: this.#held - this.#inUse };
  }

  /** @returns a piece of at least `bytes`, with any contents. */
  take(bytes: number): Piece {
    const piece = bytes < LEAST_CUT ? this.#small(roundUp(bytes)) : this.#cut(Math.ceil(bytes / PAGE) * PAGE);
    this.#inUse += piece.bytes;
    this.#highest = Math.max(this.#highest, this.#inUse);
    return piece;
  }

  /** Takes a piece of {@link take} back. */
  give(piece: Piece): void {
    this.#inUse -= piece.bytes;
    const slab = this.#slabs.get(piece.buffer);
    if (slab !== undefined) slab.give(piece.offset, piece.bytes);
    else this.#idleOf(piece.bytes).push(piece);
  }

  /** Lets go of all buffers of which nothing is in use. */
  clear(): void {
    let bytes = 0;
    for (const pieces of this.#idleOfSize.values()) for (const piece of pieces) bytes += piece.bytes;
    this.#idleOfSize.clear();
    for (const [buffer, free] of this.#slabs) {
      if (!free.isWhole) continue;
      bytes += buffer.byteLength;
      this.#slabs.delete(buffer);
    }
    this.#held -= bytes;
    this.#letGo(bytes);
  }

  #small(bytes: number): Piece {
    return this.#idleOf(bytes).pop() ?? { buffer: this.#newBuffer(bytes), offset: 0, bytes };
  }

  /** From the free part that fits best, or from a new slab. */
  #cut(bytes: number): Piece {
    let best: { buffer: ArrayBuffer; free: FreeRanges } | undefined;
    let shortest = Infinity;
    for (const [buffer, free] of this.#slabs) {
      const length = free.shortest(bytes);
      if (length < shortest) [best, shortest] = [{ buffer, free }, length];
    }
    const { buffer, free } = best ?? this.#newSlab(Math.max(SLAB, bytes));
    return { buffer, offset: free.cut(bytes), bytes };
  }

  #newSlab(bytes: number): { buffer: ArrayBuffer; free: FreeRanges } {
    const slab = { buffer: this.#newBuffer(bytes), free: new FreeRanges(bytes) };
    this.#slabs.set(slab.buffer, slab.free);
    return slab;
  }

  #newBuffer(bytes: number): ArrayBuffer {
    if (this.#held + bytes > Math.max(KEPT, 2 * this.#highest)) this.clear();
    const buffer = this.#allocate(bytes);
    this.#held += bytes;
    return buffer;
  }

  #idleOf(bytes: number): Piece[] {
    const idle = this.#idleOfSize.get(bytes);
    if (idle !== undefined) return idle;
    const none: Piece[] = [];
    this.#idleOfSize.set(bytes, none);
    return none;
  }
}

function roundUp(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = 2 ** Math.floor(Math.log2(bytes - 1)) / 4;
  return Math.ceil(bytes / step) * step;
}
