import { beforeAll, describe, expect, test } from '@jest/globals';
import { kernelsInUse, kernelsOfSomeEngines } from '@pffnet/tensor-ops/testing';
import { getKernel, memory, setBackend } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../src/load-backend.ts';
import { elementWiseCases } from './element-wise.ts';
import { faultsOf, type KernelCase, run } from './kernel-case.ts';
import { layoutCases } from './layout.ts';
import { ownKernelCases } from './own-kernels.ts';
import { productCases } from './products.ts';
import { reductionCases } from './reductions.ts';
import { windowCases } from './windows.ts';

const cases = [
  ...elementWiseCases,
  ...reductionCases,
  ...layoutCases,
  ...windowCases,
  ...productCases,
  ...ownKernelCases,
];
const tested = [...new Set(cases.map(({ kernel }) => kernel))];

describe('kernels against arithmetic in float64', () => {
  test('every kernel that the packages run has a case', () => {
    expect([...kernelsInUse, ...kernelsOfSomeEngines].filter((kernel) => !tested.includes(kernel))).toEqual([]);
  });

  test('and so do ordinary and degenerate inputs of each', () => {
    for (const kernel of kernelsInUse) expect(cases.filter((one) => one.kernel === kernel).length).toBeGreaterThan(1);
  });
});

/** What tfjs calls our engines. */
const engines = ['cpu', 'wasm', 'onednn', 'webgpu'] as const;

const has = (kernel: string, engine: string): boolean => (getKernel(kernel, engine) as unknown) !== undefined;

for (const engine of engines) {
  const absent = await reasonToSkip(engine);
  const suite = absent === undefined ? describe : describe.skip;
  const because = absent === undefined ? '' : ` (skipped: ${absent})`;

  suite(`kernels on ${engine}${because}`, () => {
    beforeAll(async () => {
      await setBackend(engine);
    });

    test('are there, every one that no package can put together from others', () => {
      expect(kernelsInUse.filter((kernel) => !has(kernel, engine))).toEqual([]);
    });

    test.each(tested.filter((kernel) => has(kernel, engine)))('%s', async (kernel) => {
      const before = memory().numTensors;
      const faults: string[] = [];
      for (const one of cases.filter((one) => one.kernel === kernel)) faults.push(...(await faultsIn(one)));
      expect(faults).toEqual([]);
      expect(memory().numTensors).toBe(before);
    });
  });
}

async function faultsIn(one: KernelCase): Promise<string[]> {
  try {
    return faultsOf(one, await run(one)).map((fault) => `${one.name}: ${fault}`);
  } catch (error) {
    if ((error as Error).name === 'DeviceError') (await loadBackend('webgpu')).dispose(); // the device goes no further
    return [`${one.name}: ${(error as Error).message}`];
  }
}

async function reasonToSkip(engine: (typeof engines)[number]): Promise<string | undefined> {
  return loadBackend(engine).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}
