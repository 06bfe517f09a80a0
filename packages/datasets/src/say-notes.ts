import type { Noted } from './files/notes.ts';
import type { Dataset } from './sample.ts';

const said = new Set<string>();

/** Says what readers noticed, each line once, however often its file is read. */
export function sayNotes({ notes = [] }: Noted, say: (line: string) => void): void {
  for (const line of notes) {
    if (said.has(line)) continue;
    said.add(line);
    say(line);
  }
}

/** A data set whose readers' notes are said when a sample is loaded. */
export function sayingNotes(dataset: Dataset, say: (line: string) => void): Dataset {
  return {
    ...dataset,
    async load(name) {
      const sample = await dataset.load(name);
      sayNotes(sample, say);
      return sample;
    },
  };
}
