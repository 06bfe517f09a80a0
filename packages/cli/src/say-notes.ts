import type { Dataset, Noted } from '@pffnet/datasets';
import { say } from './console-output.ts';

const said = new Set<string>();

/** Says what readers noticed, each line once, however often its file is read. */
export function sayNotes({ notes = [] }: Noted, to: (line: string) => void = say): void {
  for (const line of notes) {
    if (said.has(line)) continue;
    said.add(line);
    to(line);
  }
}

/** A data set whose readers' notes are said when a sample is loaded. */
export function sayingNotes(dataset: Dataset): Dataset {
  return {
    ...dataset,
    async load(name) {
      const sample = await dataset.load(name);
      sayNotes(sample);
      return sample;
    },
  };
}
