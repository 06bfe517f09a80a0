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
  const first = String((error as Partial<Error>).message ?? error).split('\n')[0];
  const missing = /cannot find (package|module)/i.test(first) && first.includes(packageName);
  return missing ? `the package ${packageName} is not installed` : `${packageName} does not load: ${first}`;
}
