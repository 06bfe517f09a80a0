import { DataError } from '@pffnet/structures';
import * as z from 'zod';

const names = z.array(z.string()).readonly();

/** What is known of a packed model; in its file under `model`, as JSON. Unknown keys, of later versions, are ignored. */
const factsSchema = z.object({
  name: z.string(),
  /** What kind of images it learned from; null if nobody looked. */
  images: z.enum(['brightfield', 'fluorescence']).nullable(),
  /** Median diameter of the objects that it learned from, in pixels: of the disc as large as the object. */
  diameter: z.number().positive().nullable(),
  /** The training; null of weights that were packed without their run. */
  origin: z
    .object({
      commit: z.string().nullable(),
      versions: z.record(z.string(), z.string()),
      engine: z.string(),
      command: z.string(),
      data: z.object({ folder: z.string(), hash: z.string(), train: names, validation: names, test: names }),
      /** The step of these weights. */
      step: z.string().nullable(),
    })
    .nullable(),
});

/** What is known of a packed model. */
export type ModelFacts = z.infer<typeof factsSchema>;

/** The key of the metadata that holds the facts. */
const KEY = 'model';

/** The facts as metadata of a weights file. */
export const factsToMetadata = (facts: ModelFacts): Record<string, string> => ({ [KEY]: JSON.stringify(facts) });

/**
 * The facts in the metadata of a weights file.
 * @param name - the file's name, for messages.
 * @returns null of weights that were not packed.
 * @throws DataError if they are damaged.
 */
export function factsOfMetadata(metadata: Readonly<Record<string, string>>, name: string): ModelFacts | null {
  const text = metadata[KEY];
  if (text === undefined) return null;
  try {
    return factsSchema.parse(JSON.parse(text));
  } catch {
    throw new DataError(`${name}: what it says of its model cannot be read; get the file again`);
  }
}
