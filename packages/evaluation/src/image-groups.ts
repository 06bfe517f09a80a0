import { readSplit, type Split, someNames } from '@pffnet/datasets/image-files';
import { ConfigError, DataError } from '@pffnet/structures';

/** The options that choose images by a split, and divide them into groups. */
export interface GroupOptions {
  readonly split?: string;
  /** The column that `only` reads; by default `fold`, or else `part`. */
  readonly column?: string;
  readonly only?: readonly string[];
  /** The column whose values are the groups. */
  readonly group?: string;
}

/** Which images count, and which group each belongs to, such as seen and unseen organs. */
export interface ImageGroups {
  /** Null without groups. */
  groupOf(name: string): string | null;
  counts(name: string): boolean;
}

/**
 * Reads which images count and how they are grouped.
 * @param names - all images there are, for splits that divide by the order of names.
 * @throws ConfigError if options do not go together or a value of `only` does not exist.
 */
export async function imageGroups(
  { split, column, only, group }: GroupOptions,
  names: readonly string[],
): Promise<ImageGroups> {
  if (split === undefined) {
    if (column === undefined && only === undefined && group === undefined) {
      return { groupOf: () => null, counts: () => true };
    }
    throw new ConfigError(
      '--column, --only and --group need --split: a CSV file, a folder of lists, or the name of a split',
    );
  }
  // A split alone groups by its parts.
  const groups = group === undefined && only !== undefined ? null : await readSplit(split, group ?? column, names);
  const parts = only === undefined ? null : await readSplit(split, column, names);
  if (parts !== null && only !== undefined) assertKnown(parts, only, split);
  return {
    groupOf: (name) => groups?.get(name) ?? null,
    counts: (name) => parts === null || only === undefined || only.includes(parts.get(name) ?? ''),
  };
}

function assertKnown(parts: Split, only: readonly string[], split: string): void {
  const known = [...new Set(parts.values())].sort();
  const unknown = only.filter((part) => !known.includes(part));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `--only ${unknown.join(' ')}: ${split} has no such part; expected some of ${known.join(', ')}, or another --column`,
  );
}

/**
 * Checks that all images have a group, or none.
 * @throws DataError if some have and some have not.
 */
export function assertGrouped(names: readonly string[], { groupOf }: ImageGroups, { split, only }: GroupOptions): void {
  const without = names.filter((name) => groupOf(name) === null);
  if (split === undefined || without.length === 0 || (only !== undefined && without.length === names.length)) return;
  throw new DataError(
    `${split} lacks ${without.length} of the ${names.length} images: ${someNames(without)}; add their lines, or choose images with --only`,
  );
}
