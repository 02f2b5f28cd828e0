/**
 * A page of web/ with what all pages share put in: `<!-- include NAME -->` stands for the part of that name in web/shared/parts/.
 * A part may name the page it is in as {{page}}.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const INCLUDE = /^( *)<!-- include (\w+) -->\n/gm;

/** The HTML of the page that this file is the pattern of. */
export function pageOf(file) {
  const folder = dirname(file);
  const page = basename(folder);
  return readFileSync(file, 'utf8').replace(INCLUDE, (_line, indent, name) => {
    const part = readFileSync(join(folder, '../shared/parts', `${name}.html`), 'utf8').replaceAll('{{page}}', page);
    return marked(part, page).replace(/^(?=.)/gm, indent);
  });
}

/** Of the links to pages, the one that leads to this page says so. */
function marked(part, page) {
  return part.replace(`<a href="/${page}">`, `<a href="/${page}" aria-current="page">`);
}
