/** The colours of the page, for what is drawn and not styled. */
export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly warn: string;
  readonly bad: string;
  /** Of each kind of cost, in their order. */
  readonly costs: readonly string[];
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ ground: of('ground'), surface: of('raised'), ink: of('ink'), muted: of('muted'), line: of('line') },
    ...{ accent: of('accent'), warn: of('warn'), bad: of('bad') },
    costs: ['intents', 'rules', 'views', 'encoding', 'commit', 'send'].map((kind) => of(`cost-${kind}`)),
  };
}
