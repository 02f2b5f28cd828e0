/** Which version this is: what the package says of itself. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `root`: the folder with src/ in it. The package's file lies there, or one further up where that folder is the built one. */
export function versionOf(root: string): string {
  const files = [join(root, 'package.json'), join(root, '../package.json')];
  const { version }: { version: string } = JSON.parse(readFileSync(files.find(existsSync) ?? '', 'utf8'));
  return version;
}
