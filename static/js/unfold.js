// Opens a folded post in place. Without scripting the link leads to the post.
(() => {
  'use strict';

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a.unfold');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const text = link.previousElementSibling;
    text.classList.add('open'); // hides the link, which has the focus
    text.tabIndex = -1;
    text.focus({ preventScroll: true });
  });
})();
