import { describe, expect, test } from '@jest/globals';
import { backend, dispose, fill, type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { loadWasmFirst } from '../test/on-wasm.ts';
import { guardHeap, heapBytes, HeapLimitError } from './heap-guard.ts';

loadWasmFirst();

describe('heapBytes', () => {
  test('counts what tensors take, and gives it back', () => {
    const before = heapBytes()!;
    expect(before.limit).toBe(3_758_096_384);
    const x = zeros([1000]);
    expect(heapBytes()!.used - before.used).toBe(4000);
    const same = x.clone();
    expect(heapBytes()!.used - before.used).toBe(4000);
    dispose([x, same]);
    expect(heapBytes()!.used).toBe(before.used);
  });
});

describe('guardHeap', () => {
  test('refuses what passes the limit, names the bytes, and harms nothing', () => {
    guardHeap(backend() as BackendWasm, 100_000);
    const kept = fill([15_000], 7);
    const { used } = heapBytes()!;
    expect(used).toBe(60_000);
    const refused = (): Tensor => zeros([20_000]);
    expect(refused).toThrow(HeapLimitError);
    expect(refused).toThrow(
      'wasm: expected room for 80,000 bytes more, but 60,000 of at most 100,000 bytes are in use; ' +
        'take smaller images or fewer at once, a smaller network, or another backend',
    );
    expect(heapBytes()!.used).toBe(used);
    expect(kept.dataSync().every((value) => value === 7)).toBe(true);
    expect(Array.from(tensor([1, 2]).dataSync())).toEqual([1, 2]);
    kept.dispose();
  });
});
