/**
 * What the schemas of configs say, option by option. A kind of a module is an object with a `kind`; alternatives are a
 * union of kinds.
 *
 * @typedef {object} Option
 * @property {string} key where it stands in a config: `instanceHead.mask.kind`
 * @property {string} meaning in words, with the unit
 * @property {string} values what it may be
 * @property {unknown} default undefined where it must be given
 * @property {unknown} released what the released code does, where it differs from the default
 * @property {readonly { key: string, kinds: readonly string[] }[]} of the kinds that have it, where others lack it
 */

const code = (value) => `\`${String(value)}\``;

/**
 * Every option of a schema, in order.
 * @param {import('zod').ZodType} schema
 * @param {string} key where the schema stands in the config; a config stands at no key
 * @returns {Option[]}
 */
export function optionsOf(schema, key = '') {
  const { inner, ...facts } = unwrapped(schema);
  if (isChoice(inner)) return optionsOfKinds(inner, key, facts);
  if (inner.shape === undefined) {
    return [{ key, ...facts, values: valuesOf(inner) + (facts.nullable ? ', or `null`' : ''), of: [] }];
  }
  // What is said of a section of the config is its heading; below that, it begins the meaning of each option.
  const about = key.includes('.') && facts.meaning !== '' ? `${facts.meaning}: ` : '';
  return optionsOfShape(inner.shape, key).map((option) => ({ ...option, meaning: `${about}${option.meaning}` }));
}

const optionsOfShape = (shape, key) =>
  Object.entries(shape).flatMap(([name, part]) => optionsOf(part, joined(key, name)));

/** Alternatives: which there are, and the options of each; an option that several have in the same way stands once. */
function optionsOfKinds({ options: members }, key, facts) {
  const kindKey = joined(key, 'kind');
  const names = members.map(({ shape }) => unwrapped(shape.kind).inner.value);
  const values = members
    .map(({ description }, index) => code(names[index]) + (description === undefined ? '' : `: ${description}`))
    .join('<br>');
  const found = new Map();
  members.forEach(({ shape }, index) => {
    for (const option of optionsOfShape(shape, key).filter((own) => own.key !== kindKey)) {
      const same = JSON.stringify(option);
      found.set(same, { option, kinds: [...(found.get(same)?.kinds ?? []), names[index]] });
    }
  });
  const own = [...found.values()].map(({ option, kinds }) => {
    const everywhere = names.every((name) => name === 'none' || kinds.includes(name));
    return everywhere ? option : { ...option, of: [{ key: kindKey, kinds }, ...option.of] };
  });
  const byDefault = facts.default?.kind ?? unwrapped(members[0].shape.kind).default;
  return [{ key: kindKey, ...facts, default: byDefault, values, of: [] }, ...together(own)];
}

/** Options of one key stand next to each other. */
const together = (options) =>
  [...new Set(options.map(({ key }) => key))].flatMap((key) => options.filter((option) => option.key === key));

const joined = (key, name) => (key === '' ? name : `${key}.${name}`);
const isChoice = ({ options }) => Array.isArray(options) && options.every((option) => option.shape?.kind !== undefined);

/** A schema without what stands around it, and what that says. */
function unwrapped(schema) {
  const facts = { meaning: '', default: undefined, released: undefined, nullable: false };
  let inner = schema;
  for (;;) {
    const { description, released } = inner.meta() ?? {};
    if (facts.meaning === '') facts.meaning = description ?? '';
    facts.released ??= released;
    if (inner.type === 'default') facts.default = inner.def.defaultValue;
    if (inner.type === 'nullable') facts.nullable = true;
    if (!['default', 'nullable', 'optional'].includes(inner.type)) return { inner, ...facts };
    inner = inner.unwrap();
  }
}

/** What a value may be, in words. */
function valuesOf(schema) {
  const { type } = schema;
  if (type === 'enum') return schema.options.map(code).join(', ');
  if (type === 'literal') return [...schema.values].map(code).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'string') return 'text';
  if (type === 'number') return rangeOf(schema);
  if (type === 'tuple') return `list of ${schema.def.items.length}: ${valuesOf(schema.def.items[0])}`;
  if (type === 'array') {
    const length = checksOf(schema).find(({ check }) => check === 'length_equals')?.length;
    return `list${length === undefined ? '' : ` of ${length}`}: ${valuesOf(schema.element)}`;
  }
  if (type === 'union') return schema.options.map(valuesOf).join(', or ');
  return '';
}

function rangeOf(schema) {
  const checks = checksOf(schema);
  const limit = (name) => checks.find(({ check }) => check === name);
  const [least, most] = [limit('greater_than'), limit('less_than')];
  const whole = schema.format === 'safeint' ? 'whole number' : 'number';
  if (least !== undefined && most !== undefined)
    return `${whole === 'number' ? '' : `${whole} from `}${least.value} to ${most.value}`;
  if (least === undefined) return whole;
  return `${whole} ${least.inclusive ? 'from' : 'above'} ${least.value}`;
}

const checksOf = (schema) => (schema.def.checks ?? []).map(({ _zod }) => _zod.def);
