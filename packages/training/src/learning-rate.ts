import type { NetworkConfig } from '@pffnet/network';

type Schedule = Pick<NetworkConfig['training'], 'iterations' | 'learningRate' | 'warmup' | 'decay'>;

/**
 * The learning rate of one update: linear warm-up from `factor` times the rate, then the rate, multiplied by
 * `decay.factor` from each milestone on. Update 0 has exactly `warmup.factor` times the rate; the first update at the
 * lower rate is the one whose index equals the milestone.
 * @param iteration - 0-based index of the update.
 * @remarks Source: Section IV-C; sources.md rows 23, F8.
 */
export function learningRateAt(iteration: number, { iterations, learningRate, warmup, decay }: Schedule): number {
  const progress = warmup.iterations === 0 ? 1 : Math.min(1, iteration / warmup.iterations);
  const warmth = warmup.factor * (1 - progress) + progress;
  const passed = decay.at.filter((share) => iteration >= Math.round(share * iterations)).length;
  return learningRate * warmth * decay.factor ** passed;
}
