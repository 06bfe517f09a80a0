import { schemasOf } from '@pffnet/structures';
import * as z from 'zod';
import { attention, residualAttention } from './attention.ts';
import type { FusionContext } from './fusion-options.ts';
import { noFusion } from './no-fusion.ts';
import { replacement } from './replacement.ts';
import { summation } from './summation.ts';

/** The kinds of fusion: schemas, types and messages derive from this list. */
export const fusions = [noFusion, replacement, summation, attention, residualAttention] as const;

/** Which fusion, and its switches. */
export const fusionSchema = z
  .discriminatedUnion('kind', schemasOf(fusions))
  .describe('what a mask does to the map inside its box');

/** Which fusion, and its switches, as a config says it. */
export type FusionOptions = z.infer<typeof fusionSchema>;

/** Which fusion, its switches, and what the wiring knows. */
export type FusionConfig =
  Extract<FusionOptions, { kind: 'none' }> | (Exclude<FusionOptions, { kind: 'none' }> & FusionContext);
