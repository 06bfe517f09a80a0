import { listLabelMaps } from '@pffnet/datasets';
import { picturesBeside } from './write-prediction.ts';

/** Label maps of a folder by name, without the pictures that `predict` wrote beside them. */
export async function labelFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map((await listLabelMaps(folder)).map(({ name, path }) => [name, path]));
  for (const name of [...files.keys()]) {
    for (const ending of picturesBeside) files.delete(`${name}_${ending}`);
  }
  return files;
}
