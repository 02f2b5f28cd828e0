/**
 * Light or dark: as the system says until somebody chooses. The choice is kept in this browser.
 */
const KEY = 'gridstead.theme';

type Theme = 'light' | 'dark';

/** Sets what the colours of the page follow (`data-theme`), and answers it. */
export function applyTheme(): Theme {
  const theme = chosen() ?? (system().matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = theme;
  return theme;
}

/** Makes the button change it. `changed`: for what is not styled by CSS. */
export function startTheme(button: HTMLButtonElement, changed: () => void = () => {}): void {
  const show = () => {
    const theme = applyTheme();
    button.textContent = theme === 'dark' ? '☀' : '☾';
    button.setAttribute('aria-label', theme === 'dark' ? 'use light colours' : 'use dark colours');
    changed();
  };
  button.addEventListener('click', () => {
    localStorage.setItem(KEY, document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    show();
  });
  system().addEventListener('change', show);
  show();
}

function system(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}

function chosen(): Theme | null {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : null;
}
