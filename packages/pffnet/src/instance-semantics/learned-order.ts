import { SpatialRanking, spatialRankingSchema } from '@pffnet/fusion';
import { semanticLoss } from '@pffnet/losses';
import { foregroundLogits, type ParamScope } from '@pffnet/tensor-ops';
import { sigmoid, type Tensor4D } from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type { PixelSupervision } from '../pixel-supervision.ts';
import { enlargeP2 } from './enlarge-p2.ts';
import type { InstanceSemanticsContext, InstanceSemanticsKind } from './instance-semantics-kind.ts';
import type { InstanceSemantics, LearnPixels, PlacedInstances } from './instance-semantics.ts';

type Options = Readonly<z.infer<typeof spatialRankingSchema>>;

/**
 * OANet's order of instances, learned by saying which pixels are foreground. Parameters lie below `ranking`.
 * @remarks Source: Liu et al. 2019 (OANet); sources.md row 51.
 */
export class LearnedOrder implements InstanceSemantics {
  readonly needsSemanticBranch = false;
  readonly refinesBoxes = false;
  readonly order: SpatialRanking;

  constructor(
    scope: ParamScope,
    options: Options,
    { geometry, initialOutputs }: Pick<InstanceSemanticsContext, 'geometry' | 'initialOutputs'>,
  ) {
    this.order = new SpatialRanking(scope.child('ranking'), options, { geometry, initialOutputs });
  }

  predict({ p2, maskLogits, boxes, image }: PlacedInstances): Tensor4D {
    const [, height, width] = p2.shape;
    const masks = sigmoid(foregroundLogits(maskLogits));
    return enlargeP2(this.order.predict({ masks, boxes, size: { height, width } }), image);
  }

  begin({ foreground }: PixelSupervision): LearnPixels {
    return (instances) => ({ ranking: semanticLoss({ logits: this.predict(instances), foreground }) });
  }
}

/** Scores of pixels read from the painted masks, and from these an order of instances. */
export const spatialRanking = {
  schema: spatialRankingSchema,
  decidesLabelMaps: true,
  create: (scope, options: Options, context) => new LearnedOrder(scope, options, context),
  terms: ({ weight }: Options) => [
    { name: 'ranking', weight, symbol: 'rank', meaning: 'order of instances, by the pixels of their masks' },
  ],
} satisfies InstanceSemanticsKind;
