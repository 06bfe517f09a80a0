import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/structures';
import '@tensorflow/tfjs-backend-cpu';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import { precisionsHere, withPrecision } from './precision.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

/** Gives tfjs's engine what one with bf16 has. */
const lent = (): { precision: string } =>
  Object.assign(backend(), { precisions: ['f32', 'bf16'], precision: 'f32' }) as unknown as { precision: string };
afterAll(() => {
  delete (backend() as { precisions?: unknown }).precisions;
});

test('an engine that says nothing has float32, and a computation in it runs', () => {
  expect(precisionsHere()).toEqual(['f32']);
  expect(withPrecision('f32', () => 3)).toBe(3);
});

test('an engine without bf16 does not compute in float32 silently', () => {
  expect(() => withPrecision('bf16', () => 3)).toThrow(
    new ConfigError(
      'precision bf16: the engine cpu cannot compute in it on this machine (bf16 needs onednn and a processor with avx512_bf16 or AMX); choose f32',
    ),
  );
});

test('the precision holds for the computation alone, also where it throws', () => {
  const engine = lent();
  expect(withPrecision('bf16', () => engine.precision)).toBe('bf16');
  expect(engine.precision).toBe('f32');
  expect(() =>
    withPrecision('bf16', () => {
      throw new Error('halfway');
    }),
  ).toThrow('halfway');
  expect(engine.precision).toBe('f32');
  expect(withPrecision('bf16', () => withPrecision('f32', () => engine.precision))).toBe('f32');
});
