import type { FamilyVariant } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { closest } from 'fastest-levenshtein';
import { families } from './families.ts';

/** A network that has a name of its own. */
export interface NamedVariant extends FamilyVariant {
  /** For `--variant`, matrices and folders: `mask-rcnn`. */
  readonly name: string;
  /** Its family. */
  readonly kind: string;
}

/** The networks of all families, each as what it changes in the presets of its own; family by family. */
export const variants: readonly NamedVariant[] = families.flatMap(({ kind, variants: named }) =>
  Object.entries(named).map(([name, variant]) => ({ name, kind, ...variant })),
);

/**
 * @param source - the option or file that gave the name, for the message.
 * @throws ConfigError if there is no network of that name.
 */
export function variantNamed(name: string, source: string): NamedVariant {
  const found = variants.find((variant) => variant.name === name);
  if (found !== undefined) return found;
  const names = variants.map((variant) => variant.name);
  throw new ConfigError(
    `${source}: there is no variant ${name}; did you mean ${closest(name, names)}? (${names.join(', ')})`,
  );
}
