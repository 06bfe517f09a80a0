import { createFusion, type FeatureFusion, fusionSchema } from '@pffnet/fusion';
import { consistencyLoss, semanticLoss } from '@pffnet/losses';
import { type LossTerms, withoutPadding } from '@pffnet/network';
import { PyramidSemanticMap } from '@pffnet/semantic-head';
import type { ParamScope } from '@pffnet/tensor-ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type { PixelSupervision } from '../pixel-supervision.ts';
import type { InstanceSemanticsContext, InstanceSemanticsKind } from './instance-semantics-kind.ts';
import type { InstanceSemantics, LearnPixels, PlacedInstances } from './instance-semantics.ts';

const schema = z
  .strictObject({
    kind: z.literal('pyramid-map'),
    // sources.md row 4
    boxes: z
      .enum(['refined', 'proposal'])
      .describe('boxes that masks are pasted into: `refined` by the box head, or the proposals'),
    fusion: fusionSchema,
  })
  .describe('a map read from P2 into which masks are fused');

/**
 * PFFNet's second semantic prediction: a map read from P2, into which instance masks are fused. Parameters lie below `map`
 * and `fusion`.
 * @remarks Source: Fig. 2, Eq. 4; sources.md rows 3, 4, 25.
 */
export class FusedMap implements InstanceSemantics {
  readonly needsSemanticBranch = false;
  readonly order = null;
  readonly refinesBoxes: boolean;
  readonly map: PyramidSemanticMap;
  readonly fusion: FeatureFusion;
  /** Whether it is compared with the semantic branch. */
  readonly #compares: boolean;

  constructor(
    scope: ParamScope,
    { boxes, fusion }: Readonly<z.infer<typeof schema>>,
    { pyramidChannels, geometry, initialOutputs, alpha2, fusion: own }: InstanceSemanticsContext,
  ) {
    this.refinesBoxes = boxes === 'refined';
    this.map = new PyramidSemanticMap(scope.child('map'), { pyramidChannels, initialOutputs });
    const at = scope.child('fusion');
    const ours = (): FeatureFusion =>
      createFusion(at, fusion.kind === 'none' ? fusion : { ...fusion, geometry, initialOutputs });
    this.fusion = own?.(at) ?? ours();
    this.#compares = alpha2 > 0;
  }

  predict({ p2, maskLogits, boxes, image }: PlacedInstances): Tensor4D {
    const features = withoutPadding(this.map.predict(p2), image);
    return this.fusion.fuse({ features, maskLogits, boxes });
  }

  begin({ foreground }: PixelSupervision): LearnPixels {
    return (instances) => {
      const logits = this.predict(instances);
      const terms: LossTerms = { 'fused-semantic': semanticLoss({ logits, foreground }) };
      const { semanticOfImage } = instances;
      if (semanticOfImage !== null && this.#compares) terms['consistency'] = consistencyLoss(semanticOfImage, logits);
      return terms;
    };
  }
}

/** A map read from P2 into which masks are fused. */
export const pyramidMap = {
  schema,
  decidesLabelMaps: false,
  create: (scope, options: Readonly<z.infer<typeof schema>>, context) => new FusedMap(scope, options, context),
  terms: (_, { alpha1, alpha2, semantic }) => [
    { name: 'fused-semantic', weight: alpha1, symbol: 'semseg2', meaning: 'semantic map after fusion' },
    ...(semantic && alpha2 > 0
      ? [{ name: 'consistency', weight: alpha2, symbol: 'sem-cons', meaning: 'both semantic maps agree' }]
      : []),
  ],
} satisfies InstanceSemanticsKind;
