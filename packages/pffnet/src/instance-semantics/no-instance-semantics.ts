import * as z from 'zod';
import type { InstanceSemanticsKind } from './instance-semantics-kind.ts';

/** Instances say nothing of pixels, as in Mask R-CNN. */
export const noInstanceSemantics = {
  schema: z.strictObject({ kind: z.literal('none') }).describe('instances say nothing of pixels'),
  decidesLabelMaps: false,
  create: () => null,
  terms: () => [],
} satisfies InstanceSemanticsKind;
