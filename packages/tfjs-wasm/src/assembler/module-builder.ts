import { type Code, code, Local, type Operand, unsigned, type ValueType } from './code.ts';

const typeByte: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** A 32-bit memory has at most so many pages of 64 KiB. */
const MOST_PAGES = 65536;

/** A function of the module, to be called by others. */
export interface Callee {
  readonly index: number;
}

/** Declares local variables of the function being written. */
export type Declare = (type: ValueType) => Local;

interface Definition {
  readonly name: string;
  readonly params: readonly ValueType[];
  locals: readonly ValueType[];
  body: Code;
}

/** Assembles a module that imports its memory as `env.memory` and exports every function by name. */
export class ModuleBuilder {
  readonly #definitions: Definition[] = [];

  /** Adds a function without a result; `write` gets the parameters and returns the body. */
  func(name: string, params: readonly ValueType[], write: (declare: Declare, ...params: Local[]) => Code): Callee {
    const locals: ValueType[] = [];
    const declare: Declare = (type) => new Local(params.length + locals.push(type) - 1);
    const body = write(declare, ...params.map((_, index) => new Local(index)));
    this.#definitions.push({ name, params, locals, body });
    return { index: this.#definitions.length - 1 };
  }

  /**
   * The module's bytes.
   * @param memory - what kind of memory to import.
   */
  bytes(memory: { readonly shared: boolean }): Uint8Array {
    const definitions = this.#definitions;
    return new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(
        1,
        definitions.map(({ params }) => [0x60, ...vector(params.map((type) => [typeByte[type]])), 0]),
      ),
      ...section(2, [
        [...name('env'), ...name('memory'), 0x02, memory.shared ? 0x03 : 0x01, 0, ...unsigned(MOST_PAGES)],
      ]),
      ...section(
        3,
        definitions.map((_, index) => unsigned(index)),
      ),
      ...section(
        7,
        definitions.map((definition, index) => [...name(definition.name), 0x00, ...unsigned(index)]),
      ),
      ...section(
        10,
        definitions.map(({ locals, body }) => {
          const written = [...vector(locals.map((type) => [1, typeByte[type]])), ...body, 0x0b];
          return [...unsigned(written.length), ...written];
        }),
      ),
    ]);
  }
}

/** Calls a function of the same module. */
export const call = ({ index }: Callee, ...args: readonly Operand[]): Code => [
  ...args.flatMap((argument) => code(argument)),
  0x10,
  ...unsigned(index),
];

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];

const section = (id: number, items: readonly (readonly number[])[]): number[] => {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
};

const name = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
};
