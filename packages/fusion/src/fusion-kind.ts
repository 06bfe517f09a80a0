import type { Kind } from '@pffnet/structures';
import type { ParamScope } from '@pffnet/tensor-ops';
import type * as z from 'zod';
import type { FeatureFusion } from './feature-fusion.ts';
import type { FusionContext } from './fusion-options.ts';

/** Everything about one kind of fusion, in its own file; `fusions.ts` lists them. Described by what it does in a box. */
export interface FusionKind extends Kind {
  /** @param scope - where the parameters of its head are declared. */
  create(scope: ParamScope, config: never): FeatureFusion;
}

/** The switches of a kind with what the wiring knows. */
export type InContext<Schema extends z.ZodType> = Readonly<z.infer<Schema>> & FusionContext;
