import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nearestName } from '@pffnet/datasets';
import type { ConfigPatch } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import * as z from 'zod';
import { matrices } from './matrices.ts';
import type { Matrix, Variant } from './matrix.ts';
import type { Protocol } from './protocol.ts';
import { protocols } from './protocols.ts';
import { builtVariants } from './variants.ts';

/** Letters, digits, dots and dashes: names become folders. */
const name = z.string().regex(/^[\w][\w.-]*$/);
const patch = z.record(z.string(), z.unknown());
const part = z.strictObject({
  folder: z.string(),
  split: z.string().optional(),
  column: z.string().optional(),
  part: z.string().optional(),
});
const count = z.int().min(0);

const crossValidation = z.strictObject({
  kind: z.literal('cross-validation'),
  folder: z.string(),
  split: z.string(),
  column: z.string().optional(),
  folds: z.array(z.string()).min(1),
  validation: count,
});

const testPart = part.extend({ groups: z.string().optional() });

const fixed = z.strictObject({
  kind: z.literal('fixed'),
  train: part,
  validation: z.union([part, count]),
  test: testPart,
});

const ownProtocol = z.strictObject({
  name,
  title: z.string().optional(),
  profile: z.enum(['kumar', 'tnbc', 'bbbc039', 'cpm17', 'cvppp']).optional(),
  scores: z
    .array(z.enum(['AJI', 'Dice', 'F1', 'PQ', 'SBD', 'DQ', 'SQ']))
    .min(1)
    .default(['AJI', 'Dice', 'F1', 'PQ']),
  division: z.discriminatedUnion('kind', [crossValidation, fixed]),
});

const ownVariant = z.strictObject({ name, title: z.string().optional(), base: z.string().default('pffnet'), patch });

/** A matrix as a person writes it, in JSON or as the default export of a module. */
const matrixFile = z.strictObject({
  name: name.optional(),
  about: z.string().default(''),
  /** A preset that every run grows from. */
  preset: z.string(),
  /** Data sets by name, or one's own. */
  datasets: z.array(z.union([z.string(), ownProtocol])).min(1),
  /** Networks by name, or one's own: what they change in another one (`base`, by default PFFNet). */
  variants: z.array(z.union([z.string(), ownVariant])).min(1),
  seeds: z.array(count).min(1).default([0]),
  folds: z.array(z.string()).optional(),
  /** Changes of the preset that all runs share. */
  settings: patch.default({}),
});

/**
 * A matrix that ships, by name, or one's own: a JSON file, or a module whose default export is the same.
 * @throws ConfigError for a name, key or file that does not exist (naming the nearest), or a value of the wrong type.
 */
export async function readMatrix(nameOrFile: string): Promise<Matrix> {
  if (!/[./\\]/.test(nameOrFile)) return lookUp(matrices, nameOrFile, 'matrix', '--matrix');
  const file = matrixFile.safeParse(await readContent(nameOrFile));
  if (!file.success) throw new ConfigError(`${nameOrFile}: ${describe(mostTelling(file.error.issues))}`);
  const { datasets, variants, ...rest } = file.data;
  const matrix = {
    name: nameOrFile,
    ...defined(rest),
    settings: rest.settings satisfies ConfigPatch,
    blocks: [
      {
        protocols: datasets.map((wanted) => protocolOf(wanted, nameOrFile)),
        variants: variants.map((wanted) => variantOf(wanted, nameOrFile)),
      },
    ],
  } as Matrix;
  refuseUnknownFolds(matrix, matrix.folds, nameOrFile);
  return matrix;
}

/** What a person asks of a matrix on the command line; what is absent stays as it is. */
export interface MatrixChoice {
  readonly preset?: string;
  readonly datasets?: readonly string[];
  readonly variants?: readonly string[];
  readonly folds?: readonly string[];
  readonly seeds?: readonly number[];
  readonly set?: readonly string[];
}

/**
 * A matrix cut down to some data sets, variants, folds or seeds, or grown from another preset.
 * @throws ConfigError for a data set, variant or fold that it does not have.
 */
export function choose(matrix: Matrix, choice: MatrixChoice): Matrix {
  const { preset, datasets, variants, folds, seeds, set } = choice;
  const source = `matrix ${matrix.name}`;
  const protocolsOf = matrix.blocks.flatMap((block) => block.protocols);
  for (const wanted of datasets ?? []) lookUp(protocolsOf, wanted, 'data set', source);
  for (const wanted of variants ?? []) {
    lookUp(
      matrix.blocks.flatMap((block) => block.variants),
      wanted,
      'variant',
      source,
    );
  }
  refuseUnknownFolds(matrix, folds, source);
  return {
    ...matrix,
    ...defined({ preset, folds, seeds, overrides: set }),
    blocks: matrix.blocks.map((block) => ({
      ...block,
      protocols: block.protocols.filter((known) => datasets?.includes(known.name) ?? true),
      variants: block.variants.filter((known) => variants?.includes(known.name) ?? true),
    })),
  };
}

/** @throws ConfigError for a fold that no data set of the matrix has. */
function refuseUnknownFolds({ blocks }: Matrix, folds: readonly string[] = [], source: string): void {
  const known = blocks.flatMap(({ protocols: of }) =>
    of.flatMap(({ division }) =>
      division.kind === 'cross-validation' ? division.folds.map((fold) => ({ name: fold })) : [],
    ),
  );
  for (const wanted of folds) lookUp(known, wanted, 'fold', source);
}

function protocolOf(wanted: string | z.infer<typeof ownProtocol>, source: string): Protocol {
  if (typeof wanted === 'string') return lookUp(protocols, wanted, 'data set', source);
  return { ...wanted, title: wanted.title ?? wanted.name } as Protocol;
}

function variantOf(wanted: string | z.infer<typeof ownVariant>, source: string): Variant {
  if (typeof wanted === 'string') return lookUp(builtVariants, wanted, 'variant', source);
  const { kind, patches } = lookUp(builtVariants, wanted.base, 'variant', `${source}: base of ${wanted.name}`);
  return { name: wanted.name, title: wanted.title ?? wanted.name, kind, patches: [...patches, wanted.patch] };
}

function lookUp<Named extends { readonly name: string }>(
  known: readonly Named[],
  wanted: string,
  what: string,
  source: string,
): Named {
  const found = known.find(({ name: candidate }) => candidate === wanted);
  if (found !== undefined) return found;
  const names = [...new Set(known.map(({ name: candidate }) => candidate))];
  const hint = names.length === 0 ? '' : `; did you mean ${nearestName(wanted, names)}? (${names.join(', ')})`;
  throw new ConfigError(`${source}: there is no ${what} ${wanted}${hint}`);
}

async function readContent(path: string): Promise<unknown> {
  if (!existsSync(path)) {
    throw new ConfigError(
      `--matrix: there is no file ${path}; expected ${matrices.map((known) => known.name).join(', ')}, or a file`,
    );
  }
  if (path.endsWith('.json')) {
    try {
      return JSON.parse(await readFile(path, 'utf8'));
    } catch (error) {
      throw new ConfigError(`${path}: is not JSON (${(error as Error).message}); mend that place`, { cause: error });
    }
  }
  try {
    return ((await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }).default;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const mend =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? `this Node (${process.version}) does not read TypeScript; take Node 22.18, or write the matrix as .mjs or .json`
        : 'expected a module whose default export is a matrix';
    throw new ConfigError(`${path}: cannot be loaded (${message.split('\n')[0]}); ${mend}`, { cause: error });
  }
}

type Issue = z.core.$ZodIssue;

/** A key that does not exist, if there is one: it may be why another is missing. */
const mostTelling = (issues: readonly Issue[]): Issue =>
  issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];

function describe(issue: Issue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const at = path === '' ? '' : ` in ${path}`;
    return `there is no key ${issue.keys[0]}${at}; did you mean ${nearestName(issue.keys[0], keysAt(issue.path))}?`;
  }
  if (issue.code === 'invalid_union') {
    // A name may stand instead of an object, and is not what somebody meant who wrote an object.
    const inner = issue.errors.flat().filter(({ code, path: at }) => code !== 'invalid_type' || at.length > 0);
    if (inner.length > 0) {
      const told = mostTelling(inner);
      return describe({ ...told, path: [...issue.path, ...told.path] } as Issue);
    }
  }
  return `${path === '' ? 'the matrix' : path}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

/** The keys that may stand at a place of the file. */
function keysAt([list, , division, images]: readonly PropertyKey[]): string[] {
  if (list === undefined) return Object.keys(matrixFile.shape);
  if (list === 'variants') return Object.keys(ownVariant.shape);
  if (division === undefined) return Object.keys(ownProtocol.shape);
  if (images === undefined) return Object.keys({ ...crossValidation.shape, ...fixed.shape });
  return Object.keys(images === 'test' ? testPart.shape : part.shape);
}

/** Without the keys whose value is undefined. */
const defined = <Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, part_]) => part_ !== undefined)) as never;
