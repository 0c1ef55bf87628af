// Going back. A page that enters the browser's page cache is hidden, and is shown again
// only after the server has said that the session goes on and is the same account's: the
// next person at the device does not see the page, not even for a moment. The back arrow
// of a page returns to the former place in the list.
(() => {
  'use strict';

  const mine = document.querySelector('link[href^="/me.css"]');
  const root = document.documentElement;
  const patience = 8000; // ms to wait for an answer
  const pause = 1000;    // ms until the page asks again
  let asked = 0;

  window.addEventListener('pagehide', (event) => { if (event.persisted && mine) root.classList.add('away'); });
  window.addEventListener('pageshow', (event) => { if (event.persisted && mine) confirm(); });
  document.addEventListener('visibilitychange', () => { if (root.matches('.away') && !document.hidden) confirm(); });

  // Without an answer the page asks again, and after three times says so. Loading itself
  // anew instead, the page could call the person back: browsers cut a question off, too,
  // when the person goes on to another page.
  async function confirm() {
    const own = asked += 1;
    const headers = { 'X-Account': document.body.dataset.me };
    for (let times = 1; own === asked; times += 1) {
      const answer = await fetch(mine.href, { cache: 'no-store', headers, signal: AbortSignal.timeout(patience) }).catch(() => null);
      if (answer?.ok) root.classList.remove('away');
      else if (answer) location.replace(location.pathname + location.search);
      if (answer) return;
      if (times >= 3) document.dispatchEvent(new CustomEvent('toast:say', { detail: 'toast-network' }));
      await htmx.timeout(pause);
    }
  }

  document.addEventListener('click', (event) => {
    const arrow = event.target.closest?.('a.back');
    if (!arrow || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (!document.referrer.startsWith(`${location.origin}/`) || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
})();
