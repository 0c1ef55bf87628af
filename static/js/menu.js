// Menus and the sheet of participants. A popover menu closes when an item is chosen;
// the browser closes the menu on Escape or a click elsewhere.
(() => {
  'use strict';

  document.addEventListener('click', (event) => {
    event.target.closest?.('.menu a, .menu button')?.closest('.menu').hidePopover?.();
  });

  // The tab of this page stands in the middle of its strip. scrollIntoView would move
  // the page, too, and going back would begin at the top.
  const tab = document.querySelector('.tabs [aria-current]');
  const strip = tab?.closest('.tabs');
  if (tab) strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;

  // The participants of a room are a sheet while the address ends in #people. Closing
  // the sheet goes back in the history: otherwise Back would open the sheet again.
  const sheet = document.getElementById('people');
  if (!sheet) return;
  const opener = document.querySelector('[href="#people"]');
  const cross = sheet.querySelector('[href="#chat"]');
  let opened = false; // the sheet was opened on this page

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
    if (event.key === 'Escape' && open() && !document.querySelector(':is(dialog[open], :popover-open)')) close(event);
  }, true);
  window.addEventListener('hashchange', () => (open() ? cross : opener).focus({ preventScroll: true }));
})();
