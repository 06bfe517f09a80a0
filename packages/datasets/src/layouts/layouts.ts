import { bbbc039Layout } from './bbbc039-layout.ts';
import { cvpppLayout } from './cvppp-layout.ts';
import { kumarLayout } from './kumar-layout.ts';
import type { DatasetFormat, Layout } from './layout.ts';
import { plainLayout } from './plain-layout.ts';
import { tnbcLayout } from './tnbc-layout.ts';

/** Every form that can be opened; the first one that recognises a folder is taken. */
export const layouts: readonly Layout[] = [plainLayout, kumarLayout, tnbcLayout, bbbc039Layout, cvpppLayout];

/** The names by which `openDataset` takes a form as given. */
export const datasetFormats: readonly DatasetFormat[] = layouts.map(({ format }) => format);
