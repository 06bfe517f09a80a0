import { readSplit, someNames } from '@pffnet/datasets';
import { ConfigError, DataError } from '@pffnet/tensor-ops/structures';

/** The options of `evaluate` that divide images into groups. */
export interface GroupOptions {
  readonly split?: string;
  readonly group?: string;
  readonly only?: readonly string[];
}

/** Which group each image belongs to, such as seen and unseen organs. */
export interface ImageGroups {
  /** Null without groups. */
  groupOf(name: string): string | null;
  /** Whether the image is of a group that was asked for. */
  counts(name: string): boolean;
}

/**
 * Reads the groups from a column of a split table.
 * @throws ConfigError if options are missing or a group does not exist.
 */
export async function imageGroups({ split, group, only }: GroupOptions): Promise<ImageGroups> {
  if (split === undefined || group === undefined) {
    if (split !== undefined || group !== undefined || only !== undefined) {
      throw new ConfigError(
        '--split, --group and --only go together: a CSV file, the column that divides its images, and which parts to score',
      );
    }
    return { groupOf: () => null, counts: () => true };
  }
  const parts = await readSplit(split, group);
  const known = new Set(parts.values());
  const unknown = only?.filter((part) => !known.has(part)) ?? [];
  if (unknown.length > 0) {
    throw new ConfigError(
      `--only ${unknown.join(' ')}: column ${group} of ${split} has no such value; expected some of ${[...known].sort().join(', ')}`,
    );
  }
  return {
    groupOf: (name) => parts.get(name) ?? null,
    counts: (name) => only === undefined || only.includes(parts.get(name) ?? ''),
  };
}

/**
 * Checks that every image has a group.
 * @throws DataError if one has none.
 */
export function assertGrouped(names: readonly string[], groups: ImageGroups, { split, group }: GroupOptions): void {
  if (split === undefined) return;
  const without = names.filter((name) => groups.groupOf(name) === null);
  if (without.length === 0) return;
  throw new DataError(
    `${split} lacks ${without.length} of the ${names.length} images: ${someNames(without)}; add their lines with a value of ${group ?? ''}, or choose groups with --only`,
  );
}
