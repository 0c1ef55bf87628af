// A popover menu closes when one of its items was chosen. Escape and a click
// elsewhere are the browser's.
(() => {
  'use strict';

  document.addEventListener('click', (event) => {
    const menu = event.target.closest?.('.menu a, .menu button')?.closest('.menu:popover-open');
    menu?.hidePopover();
  });
})();
