import { clone, type Tensor4D } from '@tensorflow/tfjs-core';
import { assertShape } from '@pffnet/tensor-ops';
import type { FeatureFusion, FusionInputs } from './feature-fusion.ts';

/** Leaves the semantic map as it is. */
export class NoFusion implements FeatureFusion {
  fuse({ features }: FusionInputs): Tensor4D {
    assertShape('fuse', 'features', features, [1, 'h', 'w', 2]);
    return clone(features);
  }
}
