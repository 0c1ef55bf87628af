// Going back. A page that enters the browser's page cache is hidden, and is shown again
// only after the server has said that the session goes on and is the same account's: the
// next person at the device does not see the page, not even for a moment. The back arrow
// of a page returns to the former place in the list.
(() => {
  'use strict';

  const mine = document.querySelector('link[href^="/me.css"]');
  const root = document.documentElement;

  window.addEventListener('pagehide', (event) => { if (event.persisted && mine) root.classList.add('away'); });
  window.addEventListener('pageshow', (event) => { if (event.persisted && mine) confirm(); });
  document.addEventListener('visibilitychange', () => { if (root.matches('.away') && !document.hidden) confirm(); });

  async function confirm() {
    const headers = { 'X-Account': document.body.dataset.me };
    const answer = await fetch(mine.href, { cache: 'no-store', headers }).catch(() => null);
    if (answer?.ok) root.classList.remove('away');
    else location.replace(location.pathname + location.search);
  }

  document.addEventListener('click', (event) => {
    const arrow = event.target.closest?.('a.back');
    if (!arrow || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (!document.referrer.startsWith(`${location.origin}/`) || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
})();
