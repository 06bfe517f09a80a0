import { DataError } from '@pffnet/structures';

/** Which channel of an image is read: its number from 1, or its name where the file has names. */
export type ChannelChoice = number | string;

/**
 * Finds a channel among those of a file.
 * @param names - of every channel; undefined where the file does not name it.
 * @returns its index from 0.
 * @throws DataError if there is no such channel.
 */
export function chooseChannel(names: readonly (string | undefined)[], choice: ChannelChoice, path: string): number {
  const asked = String(choice).trim().toLowerCase();
  const named = names.findIndex((name) => name?.trim().toLowerCase() === asked);
  const index = named >= 0 ? named : /^\d+$/.test(asked) ? Number(asked) - 1 : -1;
  if (index >= 0 && index < names.length) return index;
  throw new DataError(
    `${path} has ${listOf(names)} and no channel ${choice}; expected a number from 1 to ${names.length}${names.some((name) => name !== undefined) ? ' or a name' : ''}; give another --channel`,
  );
}

/** The message about a file with several channels of which none was chosen. */
export function severalChannels(names: readonly (string | undefined)[], path: string): DataError {
  const last = names.length;
  return new DataError(
    `${path} has ${listOf(names)}; expected one grey channel or a colour picture; choose the one to read with --channel, from 1 to ${last}${names.some((name) => name !== undefined) ? ' or by name' : ''}`,
  );
}

/** Such as `4 channels (DAPI, GFP, Cy5, 4)`. */
export function listOf(names: readonly (string | undefined)[]): string {
  if (names.length === 1) return '1 channel';
  const shown = names.slice(0, 8).map((name, index) => name ?? String(index + 1));
  const some = names.some((name) => name !== undefined);
  return `${names.length} channels${some ? ` (${shown.join(', ')}${names.length > 8 ? ', …' : ''})` : ''}`;
}
