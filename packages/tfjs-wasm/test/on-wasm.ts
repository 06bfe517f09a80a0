import { beforeAll } from '@jest/globals';
import { expectSameOn } from '@pffnet/tensor-ops/testing';
import { loadWasm } from '../src/load-wasm.ts';

/** Loads the WASM engine before the tests of a file. */
export function loadWasmFirst(): void {
  beforeAll(async () => {
    await loadWasm();
  });
}

type Arguments<F> = F extends (engine: string, ...rest: infer Rest) => unknown ? Rest : never;

/** Expects WASM to compute what the CPU engine computes. */
export const expectSameOnWasm = (...rest: Arguments<typeof expectSameOn>): Promise<void> =>
  expectSameOn('wasm', ...rest);
