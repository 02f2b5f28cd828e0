/**
 * The colours of the map: those of the page's style, read again when they change, and one for each name.
 */
export interface Palette {
  readonly beyond: string;
  readonly soil: string;
  readonly grid: string;
  readonly border: string;
  readonly ink: string;
  readonly paper: string;
  readonly wall: string;
  readonly wallEdge: string;
  readonly gate: string;
  readonly item: string;
  readonly sprout: string;
  readonly animal: string;
  readonly bot: string;
  readonly self: string;
  readonly shade: string;
  readonly isDark: boolean;
}

/** `soil`: what the ground is of; unknown ones look like the plain one. */
export function readPalette(root: Element, soil: string): Palette {
  const style = getComputedStyle(root);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    beyond: of('map-beyond'),
    soil: of(`map-soil-${soil}`) || of('map-soil'),
    grid: of('map-grid'),
    border: of('map-border'),
    ink: of('ink'),
    paper: of('surface'),
    wall: of('map-wall'),
    wallEdge: of('map-wall-edge'),
    gate: of('map-gate'),
    item: of('map-item'),
    sprout: of('map-sprout'),
    animal: of('map-animal'),
    bot: of('map-bot'),
    self: of('accent'),
    shade: of('map-shade'),
    isDark: style.colorScheme === 'dark',
  };
}

/** Always the same for the same name. */
export function colourOf(name: string, { isDark }: Pick<Palette, 'isDark'>): string {
  let hash = 7;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x9e3779b1);
  return `hsl(${(hash >>> 8) % 360} 55% ${isDark ? 66 : 40}%)`;
}
