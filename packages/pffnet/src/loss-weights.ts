import type { LossName } from '@pffnet/losses';
import type { PffnetConfig } from './config.ts';

/** The weight of every term in Eq. 5. */
export function lossWeights({ alpha1, alpha2 }: PffnetConfig['loss']): Record<LossName, number> {
  return {
    'rpn-objectness': 1,
    'rpn-box': 1,
    'box-class': 1,
    'box-regression': 1,
    mask: 1,
    quality: 1,
    semantic: alpha1,
    'fused-semantic': alpha1,
    consistency: alpha2,
  };
}
