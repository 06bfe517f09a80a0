/** @returns the class and message of the error that a call ends with, so that both are compared. */
export async function refusal(call: () => unknown): Promise<[kind: unknown, message: string]> {
  try {
    await call();
  } catch (error) {
    return [(error as Error).constructor, (error as Error).message];
  }
  return [undefined, 'it did not fail'];
}
