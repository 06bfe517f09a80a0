import { listLabelMaps, pairingName, readLabelMap } from '@pffnet/datasets/image-files';
import type { Click, ImageSize, Network } from '@pffnet/network';
import { DataError } from '@pffnet/structures';

/**
 * Clicks on an image, drawn as in tests: one on every object of its label map.
 * @param network - one that is told where objects are.
 * @param folder - holds a label map of the image's name.
 * @throws DataError if there is none, or it has another size than the image.
 */
export async function clicksFromLabels(
  { clicksFor }: Pick<Network, 'clicksFor'>,
  folder: string,
  file: string,
  { height, width }: ImageSize,
): Promise<Click[]> {
  const name = pairingName(file);
  const found = (await listLabelMaps(folder)).find((map) => map.name === name);
  if (found === undefined) {
    throw new DataError(`${folder} holds no label map of ${file}; expected ${name} as a png, tif or npy file`);
  }
  const labels = await readLabelMap(found.path);
  if (labels.height !== height || labels.width !== width) {
    throw new DataError(
      `${found.path} has ${labels.height} x ${labels.width} pixels, and ${file} ${height} x ${width}; expected the same`,
    );
  }
  return clicksFor?.(labels) ?? [];
}
