/** What a promise is rejected with; it is a failure when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error : new Error(`rejected with no error: ${String(error)}`);
  }
  throw new Error('it was not rejected');
}
