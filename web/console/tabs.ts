/** Tabs as the ARIA pattern has them: one is shown, arrow keys go from one to the next. */

/** Answers which panel is shown now, by its id. */
export function startTabs(list: HTMLElement, changed: () => void): () => string {
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role=tab]')];
  let shown = tabs[0];
  const show = (tab: HTMLButtonElement) => {
    shown = tab;
    for (const each of tabs) {
      each.setAttribute('aria-selected', String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      const panel = document.getElementById(each.getAttribute('aria-controls') ?? '');
      if (panel) panel.hidden = each !== tab;
    }
    changed();
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => show(tab));
    tab.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      if (step === 0 || !next) return;
      show(next);
      next.focus();
    });
  }
  return () => shown?.getAttribute('aria-controls') ?? '';
}
