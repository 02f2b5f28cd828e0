/**
 * Waits for something that can only be asked for, again and again, and gives up in time.
 */
const ASK_EVERY_MS = 10;

/** Resolves once `holds` answers true. Rejects after `limitMs`. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 8_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`it did not come true within ${limitMs} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
