import { ConfigError } from './errors.ts';

/** One of several ways to do a step, in its own file: its schema states its name and options, the rest is its part's. */
export interface Kind {
  /** A zod object whose `kind` is a literal, or a literal by default. */
  readonly schema: { readonly shape: { readonly kind: Literal | { unwrap(): Literal } } };
}

interface Literal {
  readonly value: string;
}

/** The schemas of a list of kinds, for a discriminated union of configs. */
export function schemasOf<const Kinds extends readonly Kind[]>(
  kinds: Kinds,
): { -readonly [Index in keyof Kinds]: Kinds[Index]['schema'] } {
  return kinds.map(({ schema }) => schema) as { -readonly [Index in keyof Kinds]: Kinds[Index]['schema'] };
}

/** The name by which a config chooses a kind. */
export function nameOfKind({ schema }: Kind): string {
  const { kind } = schema.shape;
  return 'unwrap' in kind ? kind.unwrap().value : kind.value;
}

/**
 * Finds the kind that a config names.
 * @param key - where the config names it, for the message: `fusion.kind`.
 * @throws ConfigError with the names of all kinds, if there is none of that name.
 */
export function kindNamed<K extends Kind>(kinds: readonly K[], name: string, key: string): K {
  const found = kinds.find((kind) => nameOfKind(kind) === name);
  if (found !== undefined) return found;
  throw new ConfigError(`${key}: expected ${listed(kinds.map(nameOfKind))}, got ${name}`);
}

/** `a, b or c`. */
export function listed(names: readonly unknown[]): string {
  const texts = names.map(String);
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
