import * as z from 'zod';
import { attention, residualAttention } from './attention.ts';
import type { FusionKind } from './fusion-kind.ts';
import type { FusionContext, FusionReadings } from './fusion-options.ts';
import { noFusion } from './no-fusion.ts';
import { replacement } from './replacement.ts';
import { summation } from './summation.ts';

/** The kinds of fusion: schemas, types, messages and readings derive from this list. */
export const fusions = [noFusion, replacement, summation, attention, residualAttention] as const;

/** Which fusion, and its switches. */
export const fusionSchema = z.discriminatedUnion('kind', schemasOf(fusions));

/** Which fusion, and its switches, as a config says it. */
export type FusionOptions = z.infer<typeof fusionSchema>;

/** Which fusion, its switches, and what the wiring knows. */
export type FusionConfig =
  Extract<FusionOptions, { kind: 'none' }> | (Exclude<FusionOptions, { kind: 'none' }> & FusionContext);

/** The kind of a name, or undefined where there is none. */
export const fusionNamed = (name: string): FusionKind | undefined =>
  fusions.find(({ schema }) => schema.shape.kind.value === name);

/** What the readings of the paper say of a kind. */
export const fusionReadings = ({ kind }: FusionOptions): FusionReadings =>
  fusionNamed(kind)?.readings ?? noFusion.readings;

function schemasOf<const Kinds extends readonly FusionKind[]>(
  kinds: Kinds,
): { -readonly [Index in keyof Kinds]: Kinds[Index]['schema'] } {
  return kinds.map(({ schema }) => schema) as { -readonly [Index in keyof Kinds]: Kinds[Index]['schema'] };
}
