import type { ParamScope } from '@pffnet/tensor-ops';
import type * as z from 'zod';
import type { FeatureFusion } from './feature-fusion.ts';
import type { FusionContext, FusionReadings } from './fusion-options.ts';

/** Everything about one kind of fusion, in its own file; `fusions.ts` lists them. */
export interface FusionKind {
  /** Its `kind` and switches; described by what it does inside a box. */
  readonly schema: z.ZodObject<{ readonly kind: z.ZodLiteral<string> }>;
  /** What the readings of the paper say of it. Kinds that the release lacks are read like those that they resemble. */
  readonly readings: FusionReadings;
  /** @param scope - where the parameters of its head are declared. */
  create(scope: ParamScope, config: never): FeatureFusion;
}

/** The switches of a kind with what the wiring knows. */
export type InContext<Schema extends z.ZodType> = Readonly<z.infer<Schema>> & FusionContext;
