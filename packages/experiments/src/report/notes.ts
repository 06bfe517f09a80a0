import { type Scale, scaleText } from './scale.ts';

/** What produced some of a table's numbers, with the letter that marks them. */
export interface Note {
  readonly mark: string;
  readonly text: string;
  readonly scaledDown: boolean;
}

/** The notes under a table, in the order in which its cells first need them. */
export interface Notes {
  readonly list: readonly Note[];
  /** @returns the letter of what produced a number; equal scales share one. */
  markOf(scale: Scale): string;
}

/** Notes for one table, none yet. */
export function createNotes(): Notes {
  const list: Note[] = [];
  return {
    list,
    markOf(scale) {
      const text = scaleText(scale);
      const known = list.find((note) => note.text === text);
      if (known !== undefined) return known.mark;
      const mark = letter(list.length);
      list.push({ mark, text, scaledDown: scale.lacks.length > 0 });
      return mark;
    },
  };
}

/** A warning where any number of ours is of less than full size; null where none is. */
export function warningOf(notes: readonly Note[]): string | null {
  const scaled = notes.filter(({ scaledDown }) => scaledDown).length;
  if (scaled === 0) return null;
  const all = scaled === notes.length;
  return `${all ? 'Every number of ours' : 'Some of our numbers'} in this table ${all ? 'is' : 'are'} SCALED DOWN: see the notes before comparing with the paper.`;
}

/** a, b, …, z, aa, ab, … */
const letter = (index: number): string =>
  (index >= 26 ? letter(Math.floor(index / 26) - 1) : '') + String.fromCharCode(97 + (index % 26));
