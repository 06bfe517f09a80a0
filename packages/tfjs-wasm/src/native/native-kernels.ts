import { extremum, extremumFields } from './extremum.ts';
import { maxPoolGradient, maxPoolGradientFields } from './max-pool-gradient.ts';
import { type AffineMap, channelAffine, channelAffineFields } from './channel-affine.ts';
import { columnSums, columnSumsFields, type Summand } from './column-sums.ts';
import { type Callee, ModuleBuilder } from '../assembler/module-builder.ts';
import {
  packPanels,
  packPanelsFields,
  packTransposed,
  packTransposedFields,
  padImages,
  padImagesFields,
} from './pack.ts';
import { pixelProduct, pixelProductFields } from './pixel-product.ts';
import { rowProduct, rowProductFields } from './row-product.ts';
import { rowSums, rowSumsFields } from './row-sums.ts';
import type { Arguments, Fields } from './struct.ts';
import { team } from './team.ts';

const affine = (name: string, map: AffineMap) => ({
  fields: channelAffineFields,
  write: (module: ModuleBuilder): Callee => channelAffine(module, name, map),
});
const sums = (name: string, summand: Summand) => ({
  fields: columnSumsFields,
  write: (module: ModuleBuilder): Callee => columnSums(module, name, summand),
});
const extreme = (name: string, choice: 'max' | 'min') => ({
  fields: extremumFields,
  write: (module: ModuleBuilder): Callee => extremum(module, name, choice),
});

const kernels = {
  rowProduct: { fields: rowProductFields, write: rowProduct },
  pixelProduct: { fields: pixelProductFields, write: pixelProduct },
  packPanels4: { fields: packPanelsFields, write: (module: ModuleBuilder) => packPanels(module, 4) },
  packPanels8: { fields: packPanelsFields, write: (module: ModuleBuilder) => packPanels(module, 8) },
  packTransposed: { fields: packTransposedFields, write: packTransposed },
  columnSums: sums('columnSums', 'value'),
  centredSquareSums: sums('centredSquareSums', 'centredSquare'),
  productSums: sums('productSums', 'valueAndProduct'),
  rowSums: { fields: rowSumsFields, write: (module: ModuleBuilder) => rowSums(module, 'rowSums', 'value') },
  rowSquareSums: {
    fields: rowSumsFields,
    write: (module: ModuleBuilder) => rowSums(module, 'rowSquareSums', 'square'),
  },
  normalizeChannels: affine('normalizeChannels', 'normalize'),
  combineChannels: affine('combineChannels', 'combine'),
  maximum: extreme('maximum', 'max'),
  minimum: extreme('minimum', 'min'),
  maxPoolGradient: { fields: maxPoolGradientFields, write: maxPoolGradient },
  padImages: { fields: padImagesFields, write: padImages },
} as const;

/** A kernel of our own module. */
export type NativeKernel = keyof typeof kernels;
/** The names of a kernel's arguments. */
export type NativeArguments<Kernel extends NativeKernel> = Arguments<(typeof kernels)[Kernel]['fields'][number]>;

const names = Object.keys(kernels) as NativeKernel[];

/** A kernel's number, for `run`. */
export const kernelNumber = (kernel: NativeKernel): number => names.indexOf(kernel);

/** A kernel's arguments in the order of its fields. */
export function argumentValues<Kernel extends NativeKernel>(kernel: Kernel, args: NativeArguments<Kernel>): number[] {
  const fields = kernels[kernel].fields as Fields<string>;
  return fields.map((field) => (args as Record<string, number>)[field]);
}

/** The bytes of our own module. */
export function nativeModule(memory: { readonly shared: boolean }): Uint8Array {
  const module = new ModuleBuilder();
  const callees = names.map((name) => kernels[name].write(module));
  team(module, callees);
  return module.bytes(memory);
}
