import { variants } from '@pffnet/families';
import type { Variant } from './matrix.ts';

/** The networks that are built, in the order of the paper's tables. */
export const builtVariants: readonly Variant[] = variants.map(({ name, title, kind, patch }) => ({
  name,
  title,
  kind,
  patches: [patch],
}));

/** @returns the network of that name, or undefined where it is not built. */
export const builtVariant = (name: string): Variant | undefined => builtVariants.find((known) => known.name === name);
