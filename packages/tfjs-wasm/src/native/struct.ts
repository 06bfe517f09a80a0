import { type Code, i32, type Local } from '../assembler/code.ts';
import type { Declare } from '../assembler/module-builder.ts';

/** Names of i32 fields that lie one after the other in memory: how JavaScript hands arguments to a kernel. */
export type Fields<Name extends string> = readonly Name[];

/** The arguments of one call, by field name. */
export type Arguments<Name extends string> = Readonly<Record<Name, number>>;

/** Declares a variable for each field, and the code that loads them from `address`. */
export function loadFields<Name extends string>(
  declare: Declare,
  address: Local,
  fields: Fields<Name>,
): { readonly values: Record<Name, Local>; readonly load: Code } {
  const entries = fields.map((field) => [field, declare('i32')] as const);
  return {
    values: Object.fromEntries(entries) as Record<Name, Local>,
    load: entries.flatMap(([, local], index) => local.set(i32.load(address, 4 * index))),
  };
}
