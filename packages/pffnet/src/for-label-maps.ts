import type { PffnetConfig } from './config.ts';
import { vary } from './vary.ts';

/**
 * The network without both semantic predictions: they teach the backbone, and detections come from the instance branch
 * alone.
 */
export const forLabelMaps = (config: PffnetConfig): PffnetConfig =>
  vary(config, { semanticHead: { kind: 'none' }, instanceSemantics: { kind: 'none' } });
