import { listLabelMaps } from '@pffnet/datasets/image-files';

/**
 * Label maps of a folder by name.
 * @param pictures - endings of the names of pictures that lie beside label maps, such as `overlay`: they are
 * left out where the label map is there.
 */
export async function labelFiles(folder: string, pictures: readonly string[] = []): Promise<Map<string, string>> {
  const files = new Map((await listLabelMaps(folder)).map(({ name, path }) => [name, path]));
  for (const name of [...files.keys()]) {
    for (const ending of pictures) files.delete(`${name}_${ending}`);
  }
  return files;
}
