import {
  createFusion,
  type FeatureFusion,
  fusionSchema,
  panopticSchema,
  SpatialRanking,
  spatialRankingSchema,
} from '@pffnet/fusion';
import { PyramidSemanticMap } from '@pffnet/semantic-head';
import type { Geometry } from '@pffnet/structures';
import type { InitialOutputs, ParamScope } from '@pffnet/tensor-ops';
import * as z from 'zod';

/** What instances say of pixels, which exists for training; and an order of instances that is learned from it. */
export const instanceSemanticsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).describe('instances say nothing of pixels'),
  z
    .strictObject({
      kind: z.literal('pyramid-map'),
      // sources.md row 4
      boxes: z
        .enum(['refined', 'proposal'])
        .describe('boxes that masks are pasted into: `refined` by the box head, or the proposals'),
      fusion: fusionSchema,
    })
    .describe('a map read from P2 into which masks are fused'),
  panopticSchema,
  spatialRankingSchema,
]);

/** What instances say of pixels, as a config says it. */
export type InstanceSemanticsOptions = z.infer<typeof instanceSemanticsSchema>;

/** The second semantic prediction: a map read from P2, and how instance masks are fused into it. */
export interface FusedMap {
  readonly kind: 'pyramid-map';
  readonly map: PyramidSemanticMap;
  readonly fusion: FeatureFusion;
  readonly boxes: 'refined' | 'proposal';
}

/** An order of instances, learned by saying which pixels are foreground. */
export interface LearnedOrder {
  readonly kind: 'spatial-ranking';
  readonly ranking: SpatialRanking;
}

/** Every pixel goes to stuff, to one instance or to void; nothing is learned here but what it reads. */
export interface PanopticMap {
  readonly kind: 'panoptic';
  readonly keep: number;
  readonly geometry: Geometry;
}

/** What instances say of pixels, by its kind. */
export type InstanceSemantics = FusedMap | PanopticMap | LearnedOrder;

/** What the wiring knows. */
export interface InstanceSemanticsContext {
  readonly pyramidChannels: number;
  readonly geometry: Geometry;
  readonly initialOutputs: InitialOutputs;
  /** A fusion of one's own. */
  readonly fusion?: ((scope: ParamScope) => FeatureFusion) | undefined;
}

/**
 * Makes what a config names; null where it names nothing.
 * @param scope - the root: parameters are declared below `map` and `fusion`, or `ranking`.
 */
export function createInstanceSemantics(
  scope: ParamScope,
  options: InstanceSemanticsOptions,
  { pyramidChannels, geometry, initialOutputs, fusion: own }: InstanceSemanticsContext,
): InstanceSemantics | null {
  switch (options.kind) {
    case 'none':
      return null;
    case 'panoptic':
      return { kind: 'panoptic', keep: options.keep, geometry };
    case 'spatial-ranking': {
      const ranking = new SpatialRanking(scope.child('ranking'), options, { geometry, initialOutputs });
      return { kind: 'spatial-ranking', ranking };
    }
    case 'pyramid-map': {
      const { boxes, fusion } = options;
      const map = new PyramidSemanticMap(scope.child('map'), { pyramidChannels, initialOutputs });
      const at = scope.child('fusion');
      const ours = (): FeatureFusion =>
        createFusion(at, fusion.kind === 'none' ? fusion : { ...fusion, geometry, initialOutputs });
      return { kind: 'pyramid-map', map, fusion: own?.(at) ?? ours(), boxes };
    }
  }
}
