import { kindNamed } from '@pffnet/structures';
import type { ParamScope } from '@pffnet/tensor-ops';
import type { FeatureFusion } from './feature-fusion.ts';
import type { FusionKind } from './fusion-kind.ts';
import { type FusionConfig, fusions } from './fusions.ts';

/**
 * Makes the fusion that a config names.
 * @param scope - where the parameters of its head are declared; `none` and `head: 'none'` have no parameters.
 * @throws ConfigError if there is no such kind.
 */
export function createFusion(scope: ParamScope, config: FusionConfig): FeatureFusion {
  const kind: FusionKind = kindNamed(fusions, config.kind, 'fusion.kind');
  return kind.create(scope, config as never);
}
