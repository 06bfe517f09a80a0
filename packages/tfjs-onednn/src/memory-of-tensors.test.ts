import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { describeNative } from '../test/both-backends.ts';
import { loadAddon } from './addon.ts';

const KiB = 1024;

/** V8's garbage collection, with the time in which buffers give their memory back. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await wait(10);
  }
}

describeNative('memory of tensors', () => {
  // Alone, cut from a slab that others share, and in large pages of its own.
  const sizes = [1, 256, 64 * KiB - 1, 64 * KiB, 1000 * KiB + 64, 8192 * KiB, 8192 * KiB + 1];

  test('buffers of all sizes keep what is written to them while others come and go', async () => {
    const { allocate } = loadAddon();
    const kept: Uint8Array[] = [];
    for (let round = 0; round < 3; round++) {
      for (const [index, bytes] of sizes.entries()) {
        const buffer = allocate(bytes);
        expect(buffer.byteLength).toBe(bytes);
        kept.push(new Uint8Array(buffer).fill(10 * round + index + 1));
        new Uint8Array(allocate(bytes)).fill(255); // goes with the next collection
      }
      await collectGarbage();
    }
    kept.forEach((bytes, at) => {
      const expected = 10 * Math.floor(at / sizes.length) + (at % sizes.length) + 1;
      expect(Buffer.alloc(bytes.length, expected).equals(bytes)).toBe(true);
    });
  });

  test('what is collected goes back to the system, though its neighbours stay', async () => {
    const { allocate } = loadAddon();
    const neighbours: ArrayBuffer[] = [];
    const pass = async (): Promise<number> => {
      for (let i = 0; i < 50; i++) {
        neighbours.push(allocate(64 * KiB));
        new Uint8Array(allocate(2048 * KiB)).fill(1);
      }
      await collectGarbage();
      return process.memoryUsage.rss() / KiB / KiB;
    };
    const before = await pass();
    const after = await pass();
    expect(neighbours).toHaveLength(100);
    expect(after - before).toBeLessThan(50); // of the 100 MiB that were written to
  });
});
