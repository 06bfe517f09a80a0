import type * as z from 'zod';

/** A part of the config's schema; zod tells more about it than its types do. */
type Schema = unknown;

/** The keys that a schema allows for a value; if it is a union of kinds, the keys of the kind that the value names. */
export function keysOf(schema: Schema, value: unknown): string[] {
  return Object.keys(shapeOf(memberFor(schema, value)) ?? {});
}

/** The schema of one key of a value. */
export function schemaOf(schema: Schema, value: unknown, key: PropertyKey): Schema {
  return shapeOf(memberFor(schema, value))?.[key as string];
}

/** The member of a union that the value's `kind` chooses; anything else is its own. */
function memberFor(schema: Schema, value: unknown): Schema {
  const { options, unwrap } = (schema ?? {}) as { options?: readonly Schema[]; unwrap?: () => Schema };
  if (typeof unwrap === 'function') return memberFor(unwrap.call(schema), value);
  if (!Array.isArray(options)) return schema;
  const kind = (value as { kind?: unknown } | undefined)?.kind;
  return options.find((option) => (shapeOf(option)?.['kind'] as z.ZodLiteral | undefined)?.safeParse(kind).success);
}

function shapeOf(schema: Schema): Record<string, Schema> | undefined {
  return (schema as { shape?: Record<string, Schema> } | undefined)?.shape;
}

/** Whether a config's schema has a key, such as ['test', 'minScore']. */
export function hasKey(schema: Schema, [key, ...rest]: readonly string[]): boolean {
  return (
    keysOf(schema, undefined).includes(key) && (rest.length === 0 || hasKey(schemaOf(schema, undefined, key), rest))
  );
}
