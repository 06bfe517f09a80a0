import { ConfigError } from './errors.ts';
import { listed } from './kinds.ts';

/** What a zod schema says about a value that it refuses. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A zod schema, as far as it is needed to check a value. */
interface Schema {
  safeParse(value: unknown): { readonly error?: { readonly issues: readonly SchemaIssue[] } | undefined };
}

/**
 * Checks options that were given to a part directly, and not through a config that has been checked already.
 * @param name - what the options are of: `backbone`.
 * @throws ConfigError naming the first wrong option, what was expected and what was given.
 */
export function assertOptions(schema: Schema, options: unknown, name: string): void {
  const issue = schema.safeParse(options).error?.issues[0];
  if (issue === undefined) return;
  const found = JSON.stringify(valueAt(options, issue.path));
  throw new ConfigError(`${[name, ...issue.path].join('.')}: ${expectationOf(issue)}, got ${found}`);
}

/** What a schema expected: `expected a, b or c`, `expected a number of at least 1`, else zod's own words. */
export function expectationOf(issue: SchemaIssue): string {
  const { values, options, errors = [] } = issue as IssueDetails;
  const allowed = values ?? options;
  if (allowed !== undefined) return `expected ${listed(allowed)}`;
  const alternatives = errors.flatMap(([first]) => (first === undefined ? [] : expectationOf(first)));
  if (alternatives.length > 0) return alternatives.join(', or ');
  return (
    limitOf(issue as IssueDetails) ??
    issue.message
      .replace(/^Invalid input: /, '')
      .replace(/, received .*$/, '')
      .replace(/^expected int$/, 'expected a whole number')
  );
}

/** What zod tells of some issues: the answers there are, what each member of a union says, a limit. */
interface IssueDetails {
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
  readonly origin?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly inclusive?: boolean;
  readonly exact?: boolean;
}

/** The limit that a number or list has passed. */
function limitOf({ origin, minimum, maximum, inclusive, exact }: IssueDetails): string | undefined {
  const limit = minimum ?? maximum;
  if (limit === undefined) return undefined;
  if (origin === 'array')
    return `expected ${exact ? '' : minimum === undefined ? 'at most ' : 'at least '}${limit} values`;
  if (origin !== 'number' && origin !== 'int') return undefined;
  const words = minimum === undefined ? ['of at most', 'below'] : ['of at least', 'above'];
  return `expected a number ${words[inclusive ? 0 : 1]} ${limit}`;
}

/** The part of a value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined | null)?.[key], value);
}
