import type { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import type { FeatureFusion } from './feature-fusion.ts';
import { type FusionConfig, fusionNamed, fusions } from './fusions.ts';

/**
 * Makes the fusion that a config names.
 * @param scope - where the parameters of its head are declared; `none` and `head: 'none'` have no parameters.
 * @throws ConfigError if there is no such kind.
 */
export function createFusion(scope: ParamScope, config: FusionConfig): FeatureFusion {
  const kind = fusionNamed(config.kind);
  if (kind !== undefined) return kind.create(scope, config as never);
  const kinds = fusions.map(({ schema }) => schema.shape.kind.value);
  const listed = `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
  throw new ConfigError(`fusion.kind: expected ${listed}, got ${String(config.kind)}`);
}
