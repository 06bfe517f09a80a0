import { writeSync } from 'node:fs';

/** A loader that says on standard error which packages of node_modules a process imports. */
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolved.url) ?? [];
  if (name !== undefined) writeSync(2, `imports ${name}\n`);
  return resolved;
}
