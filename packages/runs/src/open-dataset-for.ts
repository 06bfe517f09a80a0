import { type Dataset, openDataset, sayingNotes } from '@pffnet/datasets';
import { type NetworkConfig, readingOf } from '@pffnet/network';

/** Opens a data set; its numbers become 0..255 as the config says, and the notes of its readers go to `say`. */
export async function openDatasetFor(
  config: NetworkConfig,
  folder: string,
  say: (line: string) => void = () => undefined,
): Promise<Dataset> {
  return sayingNotes(await openDataset(folder, readingOf(config)), say);
}
