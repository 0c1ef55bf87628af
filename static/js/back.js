// Going back. A page from the browser's cache reloads if the session has ended, so
// that the next person at the device does not see the page. The back arrow of a
// page returns to the former place in the list.
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
