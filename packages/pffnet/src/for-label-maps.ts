import type { PffnetConfig } from './config.ts';
import { decidesLabelMaps } from './instance-semantics/create-instance-semantics.ts';
import { vary } from './vary.ts';

/**
 * The network without what exists for training: semantic predictions teach the backbone, and detections come from the
 * instance branch alone. An order that is learned from instances stays: it decides where they overlap.
 */
export function forLabelMaps(config: PffnetConfig): PffnetConfig {
  const detector = vary(config, { semanticHead: { kind: 'none' } });
  return decidesLabelMaps(config.instanceSemantics)
    ? detector
    : vary(detector, { instanceSemantics: { kind: 'none' } });
}
