import type { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import { attention } from './attention.ts';
import type { FeatureFusion } from './feature-fusion.ts';
import type { FusionConfig } from './fusion-config.ts';
import { NoFusion } from './no-fusion.ts';
import { PastingFusion } from './pasting-fusion.ts';
import { replacement } from './replacement.ts';
import { summation } from './summation.ts';

/**
 * Makes the fusion that a config names.
 * @param scope - where the parameters of its head are declared; `none` and `head: 'none'` have no parameters.
 * @throws ConfigError if there is no such kind.
 */
export function createFusion(scope: ParamScope, config: FusionConfig): FeatureFusion {
  switch (config.kind) {
    case 'none':
      return new NoFusion();
    case 'replacement':
      return new PastingFusion(scope, config, replacement);
    case 'summation':
      return new PastingFusion(scope, config, summation);
    case 'attention':
    case 'residual-attention':
      return new PastingFusion(scope, config, attention(config));
    default: {
      const { kind } = config satisfies never as { kind: unknown };
      const kinds = 'none, replacement, summation, attention or residual-attention';
      throw new ConfigError(`fusion.kind: expected ${kinds}, got ${String(kind)}`);
    }
  }
}
