import { schemasOf } from '@pffnet/structures';
import * as z from 'zod';
import { pyramidMap } from './fused-map.ts';
import { spatialRanking } from './learned-order.ts';
import { noInstanceSemantics } from './no-instance-semantics.ts';
import { panoptic } from './panoptic-map.ts';

/** The kinds of second semantic prediction: schemas, loss terms and messages derive from this list. */
export const instanceSemanticsKinds = [noInstanceSemantics, pyramidMap, panoptic, spatialRanking] as const;

/** What instances say of pixels, which exists for training; and an order of instances that is learned from it. */
export const instanceSemanticsSchema = z.discriminatedUnion('kind', schemasOf(instanceSemanticsKinds));

/** What instances say of pixels, as a config says it. */
export type InstanceSemanticsOptions = z.infer<typeof instanceSemanticsSchema>;
