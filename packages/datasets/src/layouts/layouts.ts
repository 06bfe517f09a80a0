import { bbbc039Layout } from './bbbc039-layout.ts';
import { cocoLayout } from './coco-layout.ts';
import { cpm17Layout } from './cpm17-layout.ts';
import { cvpppLayout } from './cvppp-layout.ts';
import { dsb2018Layout } from './dsb2018-layout.ts';
import { geoJsonLayout } from './geojson-layout.ts';
import { kumarLayout } from './kumar-layout.ts';
import type { DatasetFormat, Layout } from './layout.ts';
import { plainLayout } from './plain-layout.ts';
import { tnbcLayout } from './tnbc-layout.ts';

/** Every form that can be opened; the first one that recognises a folder is taken. */
export const layouts: readonly Layout[] = [
  cpm17Layout, // before plain: its folders have the same names on systems that do not tell capitals apart
  plainLayout,
  kumarLayout,
  tnbcLayout,
  bbbc039Layout,
  cvpppLayout,
  dsb2018Layout,
  geoJsonLayout,
  cocoLayout,
];

/** The names by which `openDataset` takes a form as given. */
export const datasetFormats: readonly DatasetFormat[] = layouts.map(({ format }) => format);
