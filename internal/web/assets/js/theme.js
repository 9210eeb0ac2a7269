// Light or dark: what the system says, unless a person chose here. It is no module, so that it runs before the page is drawn.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => { try { return localStorage.getItem('cantil-theme'); } catch { return null; } };
  const apply = () => {
    const chosen = stored();
    if (chosen) root.dataset.theme = chosen;
    root.dataset.tone = chosen || (system.matches ? 'dark' : 'light');
    dispatchEvent(new Event('themechange'));
  };
  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('DOMContentLoaded', () => {
    document.getElementById('theme').addEventListener('click', () => {
      try { localStorage.setItem('cantil-theme', root.dataset.tone === 'dark' ? 'light' : 'dark'); } catch { return; }
      apply();
    });
  });
})();
