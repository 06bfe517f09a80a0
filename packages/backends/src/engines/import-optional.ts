/**
 * Imports a package that may be absent.
 * @throws Error with one readable line: the package is not installed, or what its loading said first.
 */
export async function importOptional(packageName: string): Promise<Record<string, unknown>> {
  try {
    return (await import(packageName)) as Record<string, unknown>;
  } catch (error) {
    throw new Error(reasonOf(error, packageName), { cause: error });
  }
}

/** One line that says why loading `packageName` failed. */
function reasonOf(error: unknown, packageName: string): string {
  const { code, message } = error as { code?: string; message?: string };
  const first = String(message ?? error).split('\n')[0];
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || /cannot find/i.test(first);
  if (missing && first.includes(packageName)) return `the package ${packageName} is not installed`;
  return `${packageName} does not load: ${first}`;
}
