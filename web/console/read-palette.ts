/** The colours of the page as its style has them now. */
import type { Palette } from './palette.js';

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ ground: of('ground'), surface: of('raised'), ink: of('ink'), muted: of('muted'), line: of('line') },
    ...{ accent: of('accent'), warn: of('warn'), bad: of('bad') },
    costs: ['intents', 'rules', 'views', 'encoding', 'commit', 'send'].map((kind) => of(`cost-${kind}`)),
  };
}
