import { describe, expect, test } from '@jest/globals';
import { BufferPool } from './buffer-pool.ts';

const MiB = 2 ** 20;

/** A pool, and the sizes of the buffers that it had made and let go. */
function counted(): { pool: BufferPool; made: number[]; gone: number[] } {
  const [made, gone]: number[][] = [[], []];
  const pool = new BufferPool(
    (bytes) => {
      made!.push(bytes);
      return new ArrayBuffer(bytes);
    },
    (bytes) => gone!.push(bytes),
  );
  return { pool, made: made!, gone: gone! };
}

describe('BufferPool', () => {
  test('rounds small pieces up to four steps per doubling, a buffer for each', () => {
    const { pool, made } = counted();
    for (const bytes of [0, 1, 256, 257, 320, 321, 1000, 1025]) pool.take(bytes);
    expect(made).toEqual([256, 256, 256, 320, 320, 384, 1024, 1280]);
  });

  test('gives a returned small piece to the next request of its size', () => {
    const { pool, made } = counted();
    const piece = pool.take(1000);
    expect(pool.state).toEqual({ inUse: 1024, idle: 0 });
    pool.give(piece);
    expect(pool.state).toEqual({ inUse: 0, idle: 1024 });
    expect(pool.take(1010)).toBe(piece);
    expect(made).toHaveLength(1);
  });

  test('cuts large pieces out of one slab, side by side', () => {
    const { pool, made } = counted();
    const pieces = [MiB, 100_000, 3 * MiB].map((bytes) => pool.take(bytes));
    expect(pieces.map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, MiB],
      [MiB, 102_400],
      [MiB + 102_400, 3 * MiB],
    ]);
    expect(made).toEqual([32 * MiB]);
    expect(pool.state).toEqual({ inUse: 4 * MiB + 102_400, idle: 28 * MiB - 102_400 });
  });

  test('what is free again serves pieces of other sizes, where one fits best', () => {
    const { pool, made } = counted();
    const [first, between, second] = [4, 1, 2].map((mebibytes) => pool.take(mebibytes * MiB));
    pool.take(25 * MiB); // the rest of the slab
    pool.give(first!);
    pool.give(second!);
    expect(pool.take(1.5 * MiB).offset).toBe(second!.offset);
    pool.give(between!);
    expect(pool.take(5 * MiB).offset).toBe(0);
    expect(made).toEqual([32 * MiB]);
  });

  test('a piece that no slab holds has one of its own size', () => {
    const { pool, made } = counted();
    pool.take(40 * MiB + 1);
    expect(made).toEqual([40 * MiB + 4096]);
  });

  test('lets all go of which nothing is in use, and tells how much that is', () => {
    const { pool, made, gone } = counted();
    pool.take(256);
    pool.give(pool.take(1000));
    pool.give(pool.take(MiB));
    pool.clear();
    pool.clear();
    expect(gone).toEqual([1024 + 32 * MiB, 0]);
    expect(pool.state).toEqual({ inUse: 256, idle: 0 });
    pool.take(MiB);
    expect(made).toEqual([256, 1024, 32 * MiB, 32 * MiB]);
  });

  test('keeps a slab of which a piece is in use', () => {
    const { pool, gone } = counted();
    const piece = pool.take(MiB);
    pool.give(pool.take(MiB));
    pool.clear();
    expect(gone).toEqual([0]);
    pool.give(piece);
    expect(pool.state).toEqual({ inUse: 0, idle: 32 * MiB });
  });

  test('lets idle buffers go before all together would grow beyond 512 MiB and twice what was in use', () => {
    const { pool, gone } = counted();
    for (let mebibytes = 100; mebibytes <= 200; mebibytes += 50) pool.give(pool.take(mebibytes * MiB));
    expect(gone).toEqual([]);
    pool.take(201 * MiB); // 450 MiB are idle
    expect(gone).toEqual([450 * MiB]);
  });
});
