// What opens over a page and is no dialog. A popover menu closes when one of its
// items was chosen; Escape and a click elsewhere are the browser's.
(() => {
  'use strict';

  document.addEventListener('click', (event) => {
    const menu = event.target.closest?.('.menu a, .menu button')?.closest('.menu:popover-open');
    menu?.hidePopover();
  });

  // The tab of this page is not left behind the edge.
  document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

  // The people of a room are a sheet while the address names them. Closing it goes
  // back, so that Back does not open it again.
  const sheet = document.getElementById('people');
  if (!sheet) return;
  const opener = document.querySelector('[href="#people"]');
  const cross = sheet.querySelector('[href="#chat"]');
  let opened = false; // from this page

  const open = () => cross.checkVisibility();

  function close(event) {
    event.preventDefault();
    if (opened) history.back();
    else location.replace(cross.href);
  }

  document.addEventListener('click', (event) => {
    if (!open()) opened = opener.contains(event.target);
    else if (cross.contains(event.target) || !event.target.closest('#people, dialog, .toasts')) close(event);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && open() && !document.querySelector('dialog[open], :popover-open')) close(event);
  }, true);
  window.addEventListener('hashchange', () => (open() ? cross : opener).focus({ preventScroll: true }));
})();
