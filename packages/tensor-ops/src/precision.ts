import { ConfigError } from '@pffnet/structures';
import { backend, getBackend } from '@tensorflow/tfjs-core';

/**
 * In which type convolutions and matrix products read their factors: float32, or rounded to bf16, which has float32's
 * range and 8 bits of precision. Sums, results and everything else are float32 in both.
 */
export type Precision = 'f32' | 'bf16';

/** What an engine with other types than float32 has in addition to tfjs's own. */
interface EngineWithPrecision {
  readonly precisions: readonly Precision[];
  precision: Precision;
}

/** What tfjs's engine can compute in on this machine. */
export function precisionsHere(): readonly Precision[] {
  return enginePrecision()?.precisions ?? ['f32'];
}

/**
 * Runs a synchronous computation in a precision.
 * @throws ConfigError if tfjs's engine does not have it on this machine.
 */
export function withPrecision<T>(precision: Precision, compute: () => T): T {
  if (!precisionsHere().includes(precision)) {
    throw new ConfigError(
      `precision ${precision}: the engine ${getBackend()} cannot compute in it on this machine (bf16 needs onednn and a processor with avx512_bf16 or AMX); choose f32`,
    );
  }
  const engine = enginePrecision();
  if (engine === undefined || engine.precision === precision) return compute();
  const before = engine.precision;
  engine.precision = precision;
  try {
    return compute();
  } finally {
    engine.precision = before;
  }
}

function enginePrecision(): EngineWithPrecision | undefined {
  const engine: object = backend();
  return 'precisions' in engine ? (engine as EngineWithPrecision) : undefined;
}
