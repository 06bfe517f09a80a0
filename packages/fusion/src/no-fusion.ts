import { clone, type Tensor4D } from '@tensorflow/tfjs-core';
import { assertShape } from '@pffnet/tensor-ops';
import * as z from 'zod';
import type { FeatureFusion, FusionInputs } from './feature-fusion.ts';
import type { FusionKind } from './fusion-kind.ts';

/** Leaves the semantic map as it is. */
class NoFusion implements FeatureFusion {
  fuse({ features }: FusionInputs): Tensor4D {
    assertShape('fuse', 'features', features, [1, 'h', 'w', 2]);
    return clone(features);
  }
}

/** The map of the pyramid as it is. */
export const noFusion = {
  schema: z.strictObject({ kind: z.literal('none') }).describe('F as it is'),
  create: () => new NoFusion(),
} satisfies FusionKind;
