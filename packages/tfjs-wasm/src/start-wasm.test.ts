import { describe, expect, test } from '@jest/globals';
import { withSharedMemory } from './start-wasm.ts';

const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

describe('withSharedMemory', () => {
  test('rewrites the limits of the memory and nothing else', () => {
    const before = [1, 4, 1, 0x60, 0, 0];
    const after = [7, 10, 1, 6, ...new TextEncoder().encode('memory'), 2, 0];
    const module = Uint8Array.from([...header, ...before, 5, 3, 1, 0, 2, ...after]);
    expect(Array.from(withSharedMemory(module, 300))).toEqual([...header, ...before, 5, 5, 1, 3, 2, 0xac, 2, ...after]);
  });

  test('refuses a module without a memory', () => {
    expect(() => withSharedMemory(Uint8Array.from(header), 1)).toThrow('the WebAssembly module declares no memory');
  });
});
