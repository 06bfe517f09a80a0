import type { BackboneConfig } from './backbone-options.ts';
import { planBackbone, trunkConvs } from './plan-backbone.ts';

/**
 * Says what must not train: the stages of `freezeStages`, convolutions and normalisation, and every scale and shift
 * under `frozen-affine`.
 * @returns path prefixes relative to the backbone's scope, such as `stem` or `stage3/block0/norm1`, without a slash at
 * the end; none is the beginning of an unrelated path.
 * @throws ConfigError if a value of the config does not fit.
 */
export function frozenPrefixes(config: BackboneConfig): string[] {
  const convs = trunkConvs(planBackbone(config));
  const stages = ['stem', 'stage2', 'stage3', 'stage4'].slice(0, config.freezeStages);
  if (config.norm.kind === 'group') return stages;
  return [...stages, ...convs.filter(({ stage }) => stage > config.freezeStages).map(({ norm }) => norm)];
}
