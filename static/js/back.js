// Going back. A page kept by the browser is not shown to whoever comes after the
// session ended; and the arrow of a page leads to where one was in the list.
(() => {
  'use strict';

  const mine = document.querySelector('link[href^="/me.css"]');

  window.addEventListener('pageshow', async (event) => {
    if (!event.persisted || !mine) return;
    const answer = await fetch(mine.href, { cache: 'no-store' }).catch(() => null);
    if (answer?.status === 401) location.reload();
  });

  document.addEventListener('click', (event) => {
    const arrow = event.target.closest?.('a.back');
    if (!arrow || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (!document.referrer.startsWith(`${location.origin}/`) || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
})();
