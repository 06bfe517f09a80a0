import { describe, expect, test } from '@jest/globals';
import { BufferPool } from './buffer-pool.ts';

describe('BufferPool', () => {
  const counted = (): { pool: BufferPool; made: number[] } => {
    const made: number[] = [];
    const pool = new BufferPool((bytes) => {
      made.push(bytes);
      return new ArrayBuffer(bytes);
    });
    return { pool, made };
  };

  test('rounds up to four steps per doubling', () => {
    const { pool, made } = counted();
    for (const bytes of [0, 1, 256, 257, 320, 321, 1000, 1025]) pool.take(bytes);
    expect(made).toEqual([256, 256, 256, 320, 320, 384, 1024, 1280]);
  });

  test('gives a returned buffer to the next request of its size', () => {
    const { pool, made } = counted();
    const buffer = pool.take(1000);
    expect(pool.state).toEqual({ inUse: 1024, idle: 0 });
    pool.give(buffer);
    expect(pool.state).toEqual({ inUse: 0, idle: 1024 });
    expect(pool.take(1010)).toBe(buffer);
    expect(made).toHaveLength(1);
  });

  test('tells how much idle memory it lets go, not what is in use', () => {
    const told: number[] = [];
    const pool = new BufferPool(
      (bytes) => new ArrayBuffer(bytes),
      (bytes) => told.push(bytes),
    );
    const used = pool.take(256);
    pool.give(pool.take(1000));
    pool.clear();
    pool.clear();
    pool.give(used);
    expect(told).toEqual([1024, 0]);
  });

  test('lets idle memory go when it is asked to', () => {
    const { pool, made } = counted();
    pool.give(pool.take(5000));
    pool.clear();
    expect(pool.state).toEqual({ inUse: 0, idle: 0 });
    pool.take(5000);
    expect(made).toHaveLength(2);
  });
});
