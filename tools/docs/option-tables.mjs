import { backboneSchema } from '@pffnet/backbone';
import { families } from '@pffnet/families';
import { fusionSchema } from '@pffnet/fusion';
import { instanceHeadSchema } from '@pffnet/instance-head';
import { semanticHeadSchema } from '@pffnet/semantic-head';
import { markdownTable, withBlocks } from '../markdown.mjs';
import { optionsOf } from './options.mjs';

/** The tables that documents show between `<!-- options: NAME -->` and `<!-- /options -->`, by name. */
const tables = {
  backbone: () => partTable(backboneSchema),
  fusion: () => partTable(fusionSchema),
  'instance-head': () => partTable(instanceHeadSchema),
  'semantic-head': () => partTable(semanticHeadSchema),
  readings: () => readingsTable(families[0]),
  profiles: () => profilesTable(families[0]),
  networks: networksTable,
  ...Object.fromEntries(families.map((family) => [`keys of ${family.kind}`, () => keysOf(family)])),
};

/**
 * A document with its tables written anew.
 * @param {string} text
 * @returns {string}
 * @throws if it asks for a table that there is not
 */
export function withOptionTables(text) {
  return withBlocks(text, 'options', (name) => {
    if (!Object.hasOwn(tables, name))
      throw new Error(`no table "${name}"; there are ${Object.keys(tables).join(', ')}`);
    return tables[name]();
  });
}

/** The options of a part, without the values of presets. */
function partTable(schema) {
  const rows = optionsOf(schema).map((option) => [
    code(option.key),
    meaningOf(option),
    option.values,
    defaultOf(option),
  ]);
  return markdownTable(['option', 'meaning', 'values', 'by default'], rows);
}

/** Every key of the first family with what its presets say; of another family those that the first has not, or otherwise. */
function keysOf(family) {
  const known = new Set(
    family === families[0] ? [] : optionsOf(families[0].schema).map((option) => JSON.stringify(option)),
  );
  const options = optionsOf(family.schema).filter((option) => !known.has(JSON.stringify(option)));
  if (family !== families[0]) return keysTable(options, family);
  const sections = Object.entries(family.schema.shape)
    .filter(([name]) => options.some(({ key }) => key.startsWith(`${name}.`)))
    .map(([name, schema]) => [
      `### ${name}: ${schema.description}`,
      options.filter(({ key }) => key.startsWith(`${name}.`)),
    ]);
  const run = ['### The run', options.filter(({ key }) => !key.includes('.'))];
  return [run, ...sections].map(([heading, own]) => `${heading}\n\n${keysTable(own, family)}`).join('\n\n');
}

function keysTable(options, { presets }) {
  const names = Object.keys(presets);
  const rows = options.map((option) => [
    code(option.key),
    meaningOf(option),
    `${option.values}${option.default === undefined ? '' : `${option.values.includes('<br>') ? '<br>' : '; '}by default ${defaultOf(option)}`}`,
    ...names.map((name) => presetValue(option, presets[name])),
  ]);
  return markdownTable(['key', 'meaning', 'values', ...names.map(code)], rows);
}

/** The value of a preset, if its kinds have the option. */
function presetValue({ key, of }, preset) {
  const has = of.every((choice) => choice.kinds.includes(valueAt(preset, choice.key)));
  return has ? shown(valueAt(preset, key)) : '';
}

/** The switches that the readings of the paper turn. */
function readingsTable({ schema }) {
  const switches = optionsOf(schema).filter(({ released }) => released !== undefined);
  const rows = switches.map((option) => [
    code(option.key),
    kindsOf(option),
    defaultOf(option),
    code(shown(option.released)),
  ]);
  return markdownTable(['key', 'of', '`paper`', '`released-code`'], rows);
}

/** What is set per data set. */
function profilesTable({ profiles }) {
  const names = Object.keys(profiles);
  const half = (title, part) => {
    const leaves = names.map((name) => new Map(leavesOf(profiles[name][part])));
    const keys = [...new Set(leaves.flatMap((map) => [...map.keys()]))];
    return markdownTable(
      [title, ...names.map(code)],
      keys.map((key) => [code(key), ...leaves.map((map) => shown(map.get(key)))]),
    );
  };
  return [half('rules', 'rules'), half('scale', 'scale')].join('\n\n');
}

/** The networks that have a name, with the keys that each changes in a preset of its family. */
function networksTable() {
  const rows = families.flatMap(({ variants }) =>
    Object.entries(variants).map(([name, { title, rows: ofPaper = 'not in the paper', patch }]) => [
      code(name),
      title,
      ofPaper,
      leavesOf(patch)
        .map(([key, value]) => code(`${key}=${value}`))
        .join(', '),
    ]),
  );
  return markdownTable(['`--variant`', 'network', "the paper's rows", 'keys that it changes'], rows);
}

/** The keys of a patch that hold no other keys, with their values. */
const leavesOf = (value, path = []) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, key]))
    : [[path.join('.'), value]];

const code = (value) => `\`${value}\``;
const kindsOf = ({ of }) => of.flatMap(({ kinds }) => kinds.map(code)).join(', ');
const meaningOf = (option) => `${option.of.length === 0 ? '' : `of ${kindsOf(option)}: `}${option.meaning}`;
const defaultOf = (option) => (option.default === undefined ? '' : code(shown(option.default)));
const valueAt = (value, key) => key.split('.').reduce((at, name) => at?.[name], value);

/** A value as a cell shows it. */
function shown(value) {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'object' && value !== null) return value.kind ?? JSON.stringify(value);
  return value === 1 / 3 ? '1/3' : String(value);
}
