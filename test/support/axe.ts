/**
 * What axe-core has to say against a page as it stands: contrast, names, roles, order. It goes in through the debugger, for the
 * policy of the pages lets no script in.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** One line for each rule that is broken, which begins with its name; [] when all is well. */
export async function axeAgainst(page: Page): Promise<readonly string[]> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: SOURCE });
  await debug.detach();
  const { violations }: { violations: readonly Violation[] } = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations.map(({ id, nodes }) => `${id} at ${String(nodes[0]?.target)}: ${nodes[0]?.failureSummary ?? ''}`);
}
