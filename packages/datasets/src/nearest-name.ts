import { closest } from 'fastest-levenshtein';

/**
 * The candidate that is fewest edits (insert, delete, replace a character) away from a mistyped name.
 * @returns undefined when there is no candidate; the first one of several equally near.
 */
export function nearestName(wanted: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  const lowered = names.map((name) => name.toLowerCase());
  return names.length === 0 ? undefined : names[lowered.indexOf(closest(wanted.toLowerCase(), lowered))];
}

/** Up to three names for a message, then how many more there are. */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
