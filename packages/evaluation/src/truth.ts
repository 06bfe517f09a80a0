import { type Noted, readLabelMap } from '@pffnet/datasets/image-files';
import type { LabelMap } from '@pffnet/structures';
import { labelFiles } from './label-files.ts';

/** True label maps by the names of their images. */
export interface Truth {
  /** Where they come from, for messages: a folder. */
  readonly source: string;
  readonly names: readonly string[];
  read(name: string): Promise<LabelMap & Noted>;
}

/** The label maps of a folder, without the {@link labelFiles | pictures} beside them. */
export async function truthFolder(folder: string, pictures: readonly string[] = []): Promise<Truth> {
  const files = await labelFiles(folder, pictures);
  return { source: folder, names: [...files.keys()], read: (name) => readLabelMap(files.get(name) ?? '') };
}
