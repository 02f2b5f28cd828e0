/**
 * Making and finding elements. Text stays text: nothing here, or anywhere on these pages, makes HTML of it.
 */

type Attributes = Readonly<Record<string, string | boolean | number | null>>;

/** An element with these attributes (null or false: without) and children; a text is a text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== null && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** The element of the page's own HTML with that id. Throws where there is none of that kind: page and script belong together. */
export function byId<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} #${id}`);
}

/** Sets a text where it differs: screen readers and layout notice each change. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
